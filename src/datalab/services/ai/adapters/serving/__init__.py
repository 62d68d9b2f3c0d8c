"""Answering predictions: model files at hand, one runner a loaded version, rows gathered into batches.

Owns which versions are loaded. Refuses to import numpy or onnxruntime before the first prediction.
"""
