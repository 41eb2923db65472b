# rf: make shows what can be made.
.DEFAULT_GOAL := help
