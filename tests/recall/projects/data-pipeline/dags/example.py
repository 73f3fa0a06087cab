# a pipeline
