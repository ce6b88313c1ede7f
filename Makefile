# The verbs of ./dev, for those whose fingers say make.
.PHONY: demo run test check bench torture
demo run test check bench torture:
	./dev $@
