"""The sentence encoder as a Rasa featurizer: MiniLM by onnxruntime, one CPU thread, about 4 ms a sentence.

`models/encoder_export.py` writes the file. It is looked for at `WARMLINE_ENCODER`, else at `var/encoder/minilm.onnx`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

DEFAULT_PATH = "var/encoder/minilm.onnx"
MAX_TOKENS = 128


class EncoderMissing(RasaException):
    """The exported encoder is not where it was looked for."""


class Encoder:
    """Turns a text into a vector of length one, float32 of shape (384,)."""

    def __init__(self, path: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer as WordPieces

        if not path.exists():
            raise EncoderMissing(f"{path} is missing. Write it with: .venv/bin/python -m models.encoder_export {path}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._pieces = WordPieces.from_file(str(path.parent / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.enable_truncation(MAX_TOKENS)

    def encode(self, text: str) -> np.ndarray:
        ids = np.array([self._pieces.encode(text).ids], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        embedding: np.ndarray = self._session.run(["embedding"], fed)[0][0]
        return embedding


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Gives each message one dense sentence feature of shape (1, 384).

    `scale` is its length. The classifier's penalty is the same for all features, so a vector of length one would
    count for less than a handful of letters; the value was chosen by cross-validation on the training utterances.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        encoder = Encoder(Path(os.environ.get("WARMLINE_ENCODER", DEFAULT_PATH)))
        return cls(execution_context.node_name, config, encoder)

    def __init__(self, name: str, config: dict[str, Any], encoder: Encoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be wrong with a number."""

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                vector = self._encoder.encode(text) * self._config["scale"]
                alias = self._config[FEATURIZER_CLASS_ALIAS]
                message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, alias))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
