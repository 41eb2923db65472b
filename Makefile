# Everything that can be made here. Needs JDK 25 (found below) and Maven.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PREFIX ?= /usr/local
PG ?= 18
HISTORIES ?= 300
KILLS ?= 300
SEED ?= 1000
SIZE ?= 1000000
PATIENTS ?= 1000
BENCHES ?= 20
# project.build.outputTimestamp
JAR_TIME := 202601010000
CONTAINER_BASE ?= eclipse-temurin:25-jre
# As the pom says them, in Debian's way: what comes before a release has a tilde.
DEB_VERSION ?= $(shell sed -n '/<packaging>/q; s:^  <version>\(.*\)</version>:\1:p' pom.xml | sed 's/-SNAPSHOT/~snapshot/')
MAINTAINER := $(shell sed -n '/<developer>/,/<.developer>/{s:^ *<name>\(.*\)</name>:\1:p; s:^ *<email>\(.*\)</email>:<\1>:p; }' pom.xml)

# What rf uses of Java, for a runtime that holds no more.
RUNTIME_MODULES := java.base,java.sql,java.naming,java.management,java.security.jgss,java.security.sasl,java.net.http,jdk.unsupported,jdk.jfr,jdk.crypto.ec,jdk.charsets,jdk.zipfs

# The newest embedded PostgreSQL of each major version that is there for every platform.
PG_14 := 14.23.0
PG_15 := 15.19.0
PG_16 := 16.15.0
PG_17 := 17.11.0
PG_18 := 18.6.0

# Maven on the JDK that the launcher would find. The options silence warnings about Maven's own libraries.
MAVEN = . dist/libexec/java.sh && find_java javac && export JAVA_HOME="$$java_home" \
	MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $$MAVEN_OPTS" && \
	{ command -v mvn >/dev/null || { echo "rf: Maven is needed, and there is no mvn on the PATH" >&2; exit 2; }; } && mvn -B $(shell [ -t 2 ] || echo -Dstyle.color=never)

SOURCES := pom.xml $(shell find src/main src/build -type f)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: dist/lib/rf.id ## what dist/bin/rf runs: the program and its libraries, without tests
	@dist/libexec/train.sh || echo "rf: no cache was made; everything works, and starts later" >&2

demo: build ## the whole story on sample data in a private PostgreSQL and Redis
	@dist/bin/rf demo

newcomer: ## the README's sessions, step by step in a new clone with a new home
	@.ci/newcomer

test: ## all tests, and all that check does
	@$(MAVEN) spotless:check verify

test-postgres: ## all tests on another major version of PostgreSQL: PG=14 to PG=18
	@$(if $(PG_$(PG)),,echo "rf: no PostgreSQL $(PG) to test on; PG=14 to PG=18" >&2; exit 2)
	@$(MAVEN) verify -Dembedded.postgres.binaries.version=$(PG_$(PG))

soak: ## the laws on HISTORIES (300) random histories, KILLS (300) killed runs, gates of BENCHES (20); seed SEED (1000)
	@$(MAVEN) test -Dtest='*LawTest,DifferentialTest,FaultTest,BenchNoiseTest' -Drf.soak.histories=$(HISTORIES) -Drf.soak.kills=$(KILLS) \
		-Drf.soak.seed=$(SEED) -Drf.soak.benches=$(BENCHES)

bench: bench-rf bench-concurrency bench-count bench-cohort bench-compiler bench-kpi bench-load bench-refresh bench-speed ## all benchmarks

bench-rf: build ## rf bench, all scenarios on PATIENTS (1000) in a sandbox of its own: target/bench.html
	@XDG_DATA_HOME="$$PWD/target/bench" dist/bin/rf bench all --sandbox --patients $(PATIENTS) --html target/bench.html \
		--save target/bench.json; code=$$?; XDG_DATA_HOME="$$PWD/target/bench" dist/bin/rf sandbox stop -q; exit $$code

bench-concurrency: build ## answers a second to 1 to 100 clients, beside pgbench with the same statement
	@command -v pgbench >/dev/null || { echo "rf: pgbench is needed for this, and there is none on the PATH" >&2; exit 2; }
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.ConcurrencyBench

bench-count: ## what a count costs in rf, beside the same SQL in psql
	@command -v psql >/dev/null || { echo "rf: psql is needed for this, and there is none on the PATH" >&2; exit 2; }
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.CountBench

bench-cohort: ## what cohort questions cost with 100,000 patients and 4 million conditions
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.CohortBench

bench-kpi: ## what a dashboard costs out of its view, beside the same computed on the fly
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.KpiBench

bench-load: ## what rf load costs, beside COPY of the same lines
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.LoadBench

bench-compiler: ## what compiled views cost, beside SQL written by hand for the same rows
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.CompilerBench

bench-refresh: build ## what refreshing costs with SIZE (1000000) resources, beside a full build and what changed
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.RefreshBench \
		-Drf.bench.size=$(SIZE)

bench-speed: ## what merging changes out of Redis costs, and how soon a change is in an answer
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.SpeedBench

check: ## formatting and static checks, no tests
	@$(MAVEN) -q spotless:check test-compile

fmt: ## format the sources
	@$(MAVEN) -q spotless:apply

golden: ## write the golden files anew; look at the difference before you commit it
	@$(MAVEN) -q test -Dgroups=golden -Drf.golden=write

docs: ## write the manual pages and completions anew, from the commands themselves
	@$(MAVEN) -q test -Dtest=DocumentationTest -Drf.golden=write

bench-startup: build ## what starting costs: whole processes, in turns with psql and a bare Java
	@$(MAVEN) -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.researchflow.rf.benchmark.StartupBench

dist: build sbom ## target/rf.tar.gz, to unpack anywhere, with its bill of materials
	@rm -rf target/dist && mkdir -p target/dist/rf/share
	@cp -pR dist/bin dist/libexec dist/lib target/dist/rf/
	@[ ! -d dist/cache ] || cp -pR dist/cache target/dist/rf/
	@cp -pR dist/systemd dist/cron dist/monitoring man completions target/dist/rf/share/
	@cp target/rf-sbom.json README.md docs/CHANGELOG.md docs/SETTINGS.md target/dist/rf/
	@tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01 -cf - -C target/dist rf | gzip -n >target/rf.tar.gz
	@echo target/rf.tar.gz

dist-runtime: dist ## target/rf-runtime.tar.gz: the same with a Java of its own
	@. dist/libexec/java.sh && find_java jlink && rm -rf target/dist/rf/runtime && "$$java_home/bin/jlink" \
		--add-modules $(RUNTIME_MODULES) --strip-debug --no-man-pages --no-header-files \
		--output target/dist/rf/runtime
	@rm -rf target/dist/rf/cache && target/dist/rf/libexec/train.sh
	@tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01 -cf - -C target/dist rf | gzip -n >target/rf-runtime.tar.gz
	@echo target/rf-runtime.tar.gz

deb: dist ## target/rf.deb, for Debian and its kin
	@command -v dpkg-deb >/dev/null || { echo "rf: dpkg-deb is needed for this, and there is none on the PATH" >&2; exit 2; }
	@rm -rf target/deb && mkdir -p target/deb/DEBIAN
	@$(MAKE) -s install DESTDIR=target/deb PREFIX=/usr >/dev/null
	@sed "s/@VERSION@/$(DEB_VERSION)/; s/@SIZE@/$$(du -sk target/deb/usr | cut -f1)/; s/@MAINTAINER@/$(MAINTAINER)/" \
		dist/debian/control >target/deb/DEBIAN/control
	@# What it holds is packed already: a stronger compression takes minutes for nothing.
	@dpkg-deb --root-owner-group -Zgzip --build target/deb target/rf.deb >/dev/null
	@echo target/rf.deb

sbom: ## target/rf-sbom.json: the bill of materials, as CycloneDX
	@$(MAVEN) -q org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom -DoutputFormat=json -DoutputName=rf-sbom \
		-DincludeTestScope=false -DoutputReactorProjects=false -Dcyclonedx.verbose=false

container: ## target/rf-image.tar: an image, without a daemon, on CONTAINER_BASE (eclipse-temurin:25-jre); not what CI builds
	@$(MAVEN) -q -Pcontainer package jib:buildTar -Dmaven.test.skip=true -Dcontainer.base=$(CONTAINER_BASE) || { \
		echo "rf: no image was made; Maven says why above. Where $(CONTAINER_BASE) cannot be reached, save it where it can" >&2; \
		echo "    (docker save -o base.tar $(CONTAINER_BASE)), and then: make container CONTAINER_BASE=tar://\$$PWD/base.tar" >&2; \
		exit 2; }
	@echo target/rf-image.tar

native: ## target/rf: a program without Java, where a GraalVM for JDK 25 is (GRAALVM_HOME); not what CI builds
	@[ -n "$${GRAALVM_HOME:-}" ] || { echo "rf: GRAALVM_HOME is not set; a GraalVM for JDK 25 is needed" >&2; exit 2; }
	@$(MAVEN) -q -Pnative package -Dmaven.test.skip=true

install: build ## into PREFIX (/usr/local): PREFIX/lib/rf, a link in PREFIX/bin, man pages, completions, units
	@install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/rf" \
		"$(DESTDIR)$(PREFIX)/share/rf/systemd" "$(DESTDIR)$(PREFIX)/share/rf/cron" "$(DESTDIR)$(PREFIX)/share/rf/monitoring" "$(DESTDIR)$(PREFIX)/share/man/man1" \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d" \
		"$(DESTDIR)$(PREFIX)/share/zsh/site-functions"
	@rm -rf "$(DESTDIR)$(PREFIX)/lib/rf/lib" "$(DESTDIR)$(PREFIX)/lib/rf/cache"
	@cp -pR dist/bin dist/libexec dist/lib "$(DESTDIR)$(PREFIX)/lib/rf/"
	@[ ! -d dist/cache ] || cp -pR dist/cache "$(DESTDIR)$(PREFIX)/lib/rf/"
	@cp man/*.1 "$(DESTDIR)$(PREFIX)/share/man/man1/"
	@cp completions/rf.bash "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/rf"
	@cp completions/rf.zsh "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_rf"
	@cp completions/rf.fish "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/"
	@for unit in systemd/rf-refresh.service systemd/rf-refresh.timer systemd/rf-watch.service systemd/rf-poll.service cron/rf; do \
		sed 's#/usr/local/bin#$(PREFIX)/bin#g' "dist/$$unit" >"$(DESTDIR)$(PREFIX)/share/rf/$$unit" || exit; done
	@cp dist/monitoring/rf-alerts.yml dist/monitoring/rf-grafana.json "$(DESTDIR)$(PREFIX)/share/rf/monitoring/"
	@ln -sf ../lib/rf/bin/rf "$(DESTDIR)$(PREFIX)/bin/rf"
	@echo "$(DESTDIR)$(PREFIX)/bin/rf"

clean: ## remove all that was built
	@rm -rf target dist/lib dist/cache

.PHONY: help build newcomer bench-startup bench-rf bench-concurrency dist-runtime deb sbom container native demo test test-postgres soak bench bench-count bench-cohort bench-compiler bench-kpi bench-load bench-refresh bench-speed check fmt golden docs dist install clean

# Swapped in at the end, so that an rf that runs meanwhile never sees half of it. rf.id names what caches were made for; the
# jars get the time that is in them, since a cache knows them by it, and copies and archives are to keep it.
dist/lib/rf.id: $(SOURCES)
	@rm -rf target/lib
	@$(MAVEN) -q -Pdist package -Dmaven.test.skip=true
	@. dist/libexec/java.sh && find_java java && "$$java_home/bin/java" src/build/java/Packed.java target/class-path target/lib
	@. dist/libexec/java.sh && find_java java && "$$java_home/bin/java" src/build/java/OneRelease.java target/lib/rf.jar
	@find target/lib -name '*.jar' -exec touch -t $(JAR_TIME) {} +
	@cat target/lib/rf.jar target/lib/more/*.jar | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-16 >target/lib/rf.id
	@sed -n '/<packaging>/q; s:^  <version>\(.*\)</version>:\1:p' pom.xml >target/lib/rf.version
	@rm -rf dist/lib && mv target/lib dist/lib
