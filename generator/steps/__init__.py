"""The steps that run inside Tekton: one file each, with Inputs and Outputs that mirror the Task."""
