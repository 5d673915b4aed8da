"""Memory of training: a step of eager PyTorch followed volume by volume."""

from archcalc.analysis.training.training import Inference, Training, infer, train

__all__ = ["Inference", "Training", "infer", "train"]
