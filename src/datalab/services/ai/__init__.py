"""The AI service: trains models as jobs, keeps their versions and aliases, answers predictions.

Owns the registry, the models' files and the serving of what it converted itself. Refuses to import scikit-learn, Arrow
or skl2onnx into its API process, and to open a model file that it did not write.
"""
