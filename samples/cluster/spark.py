"""Scores a Parquet table with Spark and the exported ONNX model. Each partition loads the model once and classifies its texts in batches.

    sentimentml export --model M --output exported
    (cd exported && zip -r ../exported.zip .)
    spark-submit --archives exported.zip#exported spark.py exported reviews.parquet scored.parquet

Not run yet, neither under Spark nor the class Classifier alone. Compare its labels on a few thousand
rows with those of 'sentimentml predict' before you rely on it.

Needs pyspark, pandas, pyarrow, onnxruntime, tokenizers and numpy on every worker.
"""

import json
import sys
from pathlib import Path
from typing import Iterator

import numpy as np
import onnxruntime
import pandas as pd
from tokenizers import Tokenizer

BATCH = 16
MAX_TOKENS = 512


class Classifier:
    """The exported folder: model.onnx, tokenizer.json and config.json with the labels."""

    def __init__(self, folder: str, threads: int = 1):
        path = Path(folder)
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        self.labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
        self.pad = config.get("pad_token_id") or 0
        record = path / "sentimentml.json"
        known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
        self.tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.tokenizer.enable_truncation(known.get("max_tokens") or MAX_TOKENS)
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.inputs = {one.name for one in self.session.get_inputs()}

    def logits(self, texts: list[str]) -> np.ndarray:
        encoded = self.tokenizer.encode_batch(texts)
        order = sorted(range(len(texts)), key=lambda i: -len(encoded[i].ids))
        result = np.empty((len(texts), len(self.labels)), np.float32)
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            width = len(encoded[rows[0]].ids)
            ids = np.full((len(rows), width), self.pad, np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for row, i in enumerate(rows):
                ids[row, : len(encoded[i].ids)] = encoded[i].ids
                mask[row, : len(encoded[i].ids)] = 1
            feed = {"input_ids": ids, "attention_mask": mask}
            if "token_type_ids" in self.inputs:
                feed["token_type_ids"] = np.zeros_like(ids)
            result[rows] = self.session.run(None, feed)[0]
        return result

    def answers(self, batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            logits = self.logits(batch["text"].fillna("").tolist())
            exp = np.exp(logits - logits.max(axis=1, keepdims=True))
            probabilities = exp / exp.sum(axis=1, keepdims=True)
            best = logits.argmax(axis=1)
            yield batch.assign(label=[self.labels[i] for i in best], score=probabilities[np.arange(len(best)), best].astype("float64"))


def main(model: str, source: str, target: str) -> None:
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("sentimentml").getOrCreate()
    reviews = spark.read.parquet(source)
    schema = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in reviews.schema.fields) + ", label string, score double"

    def partition(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        yield from Classifier(model).answers(batches)

    reviews.mapInPandas(partition, schema).write.mode("errorifexists").parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
