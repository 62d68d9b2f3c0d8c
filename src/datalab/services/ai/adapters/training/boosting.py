"""Gradient boosting written as ONNX by hand.

skl2onnx 1.20 fails on it (it hands onnx booleans and numpy's integers) and rounds 64-bit thresholds to the nearest
32-bit float, which can move a row across one. Here a threshold is rounded down: for 32-bit inputs nothing changes.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper

from datalab.contracts.ai import Task

DOMAIN = "ai.onnx.ml"
IR_VERSION = 9
OPSET = 17
OPSET_ML = 3


@dataclass
class _Trees:
    """The attributes of a TreeEnsembleRegressor, node by node."""

    trees: list[int] = field(default_factory=list[int])
    nodes: list[int] = field(default_factory=list[int])
    features: list[int] = field(default_factory=list[int])
    modes: list[str] = field(default_factory=list[str])
    values: list[float] = field(default_factory=list[float])
    yes: list[int] = field(default_factory=list[int])
    no: list[int] = field(default_factory=list[int])
    leaf_trees: list[int] = field(default_factory=list[int])
    leaf_nodes: list[int] = field(default_factory=list[int])
    leaf_targets: list[int] = field(default_factory=list[int])
    leaf_values: list[float] = field(default_factory=list[float])

    def add(self, tree: int, target: int, nodes: Any) -> None:
        """All nodes of one tree, which adds to ``target``."""
        leaves = nodes["is_leaf"].astype(bool)
        count = len(nodes)
        self.trees += [tree] * count
        self.nodes += range(count)
        self.features += np.where(leaves, 0, nodes["feature_idx"]).tolist()
        self.modes += ["LEAF" if leaf else "BRANCH_LEQ" for leaf in leaves.tolist()]
        self.values += np.where(leaves, 0.0, round_down(nodes["num_threshold"])).tolist()
        self.yes += np.where(leaves, 0, nodes["left"]).tolist()
        self.no += np.where(leaves, 0, nodes["right"]).tolist()
        places = np.flatnonzero(leaves).tolist()
        self.leaf_trees += [tree] * len(places)
        self.leaf_nodes += places
        self.leaf_targets += [target] * len(places)
        self.leaf_values += nodes["value"][leaves].tolist()

    def attributes(self) -> dict[str, Any]:
        """As ONNX names them."""
        return {
            "nodes_treeids": self.trees,
            "nodes_nodeids": self.nodes,
            "nodes_featureids": self.features,
            "nodes_modes": self.modes,
            "nodes_values": self.values,
            "nodes_truenodeids": self.yes,
            "nodes_falsenodeids": self.no,
            "target_treeids": self.leaf_trees,
            "target_nodeids": self.leaf_nodes,
            "target_ids": self.leaf_targets,
            "target_weights": self.leaf_values,
        }


def round_down(thresholds: Any) -> Any:
    """The greatest 32-bit floats that are no greater."""
    wide = np.asarray(thresholds, np.float64)
    with np.errstate(over="ignore"):
        narrow = wide.astype(np.float32)
    return np.where(narrow > wide, np.nextafter(narrow, np.float32(-np.inf)), narrow)


def boosting_to_onnx(estimator: Any, task: Task, width: int) -> bytes:
    """The model: ``rows`` in; ``outcome`` out, probabilities by class or one number. No row may hold NaN."""
    rounds: list[list[Any]] = estimator._predictors  # noqa: SLF001 - scikit-learn shows its trees nowhere else
    targets = len(rounds[0])
    trees = _Trees()
    for number, one_round in enumerate(rounds):
        for target, tree in enumerate(one_round):
            trees.add(number * targets + target, target, tree.nodes)
    base = np.asarray(estimator._baseline_prediction, np.float64).ravel().tolist()  # noqa: SLF001
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["rows"],
        ["raw"],
        domain=DOMAIN,
        n_targets=targets,
        base_values=base,
        **trees.attributes(),
    )
    outputs = 1 if task is Task.REGRESSION else max(targets, 2)
    return _model([ensemble, *_ending(task, targets)], width, outputs).SerializeToString()


def _ending(task: Task, targets: int) -> list[NodeProto]:
    if task is Task.REGRESSION:
        return [helper.make_node("Identity", ["raw"], ["outcome"])]
    if targets > 1:
        return [helper.make_node("Softmax", ["raw"], ["outcome"], axis=1)]
    return [
        helper.make_node("Sigmoid", ["raw"], ["second"]),
        helper.make_node("Neg", ["raw"], ["negated"]),
        helper.make_node("Sigmoid", ["negated"], ["first"]),
        helper.make_node("Concat", ["first", "second"], ["outcome"], axis=1),
    ]


def _model(nodes: list[NodeProto], width: int, outputs: int) -> ModelProto:
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, width])
    outcome = helper.make_tensor_value_info("outcome", TensorProto.FLOAT, [None, outputs])
    model = helper.make_model(
        helper.make_graph(nodes, "boosting", [rows], [outcome]),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, OPSET_ML)],
        ir_version=IR_VERSION,
        producer_name="datalab",
    )
    check: Any = checker
    check.check_model(model)
    return model
