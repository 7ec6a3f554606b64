"""How long from a slider's move to changed pixels, in a real browser, compared in one run.

Three cells side by side in one notebook: the floor (a slider echoed into a label), the explorer of
lesson 1.1, and the same picture by `ipywidgets.interactive` and pyplot. Their moves are
interleaved, so that a busy moment of the machine hits all three. Each is done at one and at two
device pixels for each CSS pixel, with and without TCP_NODELAY on the server's websockets.

Run: ``make benchmarks``, or ``python tests/benchmarks/bench_explorer.py [moves]``.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from lab import CHROMIUM_FLAGS, Notebook, chromium_path, start_lab

CELLS = {
    "floor": """
import ipywidgets
slider = ipywidgets.FloatLogSlider(value=100, min=1.3, max=3, step=0.01)
label = ipywidgets.HTML("100")
label.add_class("bench-floor")
slider.observe(lambda change: setattr(label, "value", f"{change['new']:.4g}"), names="value")
ipywidgets.VBox([slider, label])
""",
    "explorer": """
import exocourse as exo
exo.VesicleSize()
""",
    "interactive": """
%matplotlib inline
import matplotlib.pyplot as plt
explorer = exo.VesicleSize()
def same_picture(diameter_nm):
    explorer.diameter_nm = diameter_nm
    explorer.draw(plt.figure(figsize=explorer.size_inches), explorer.result)
    plt.show()
ipywidgets.interactive(
    same_picture, diameter_nm=ipywidgets.FloatLogSlider(value=100, min=1.3, max=3, step=0.01)
)
""",
}

# What in the page tells that a move has arrived.
MEASURE = """
async ({indices, moves, pause}) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const nodes = indices.map(i => notebook.widgets[i].node);
  const state = node => {
    const canvas = node.querySelector(".exo-stage canvas");
    if (canvas) return canvas.dataset.frame;
    const label = node.querySelector(".bench-floor");
    if (label) return label.textContent;
    return node.querySelector("img")?.src;
  };
  const move = async (node, step) => {
    const handle = node.querySelector(".noUi-handle");
    const key = step % 40 < 20 ? "ArrowLeft" : "ArrowRight";
    const before = state(node);
    const begin = performance.now();
    handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    while (true) {
      await new Promise(resolve => requestAnimationFrame(resolve));
      const now = state(node);
      if (now && now !== before) break;
      if (performance.now() - begin > 5000) return NaN;
    }
    return performance.now() - begin;
  };
  const times = nodes.map(() => []);
  for (let step = 0; step < moves; step++) {
    for (let which = 0; which < nodes.length; which++) {
      times[which].push(await move(nodes[which], step));
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }
  return times;
}
"""

RATE = """
async ({index, seconds}) => {
  const node = jupyterapp.shell.currentWidget.content.widgets[index].node;
  const canvas = node.querySelector(".exo-stage canvas");
  const handle = node.querySelector(".noUi-handle");
  const first = Number(canvas.dataset.frame);
  const begin = performance.now();
  for (let step = 0; performance.now() - begin < 1000 * seconds; step++) {
    const key = step % 100 < 50 ? "ArrowLeft" : "ArrowRight";
    handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    await new Promise(resolve => setTimeout(resolve, 1000 / 60));
  }
  return (Number(canvas.dataset.frame) - first) / ((performance.now() - begin) / 1000);
}
"""


def notebook_of_cells() -> nbformat.NotebookNode:
    """Return the notebook that is measured."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.cells = [nbformat.v4.new_code_cell(code.strip(), id=n) for n, code in CELLS.items()]
    return notebook


def quantile(values: list[float], share: float) -> float:
    """Return the value below which this share of `values` lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(browser, folder: Path, *, nodelay: bool, scale: float, moves: int) -> dict:
    """Return the times of all three cells, and the explorer's updates a second."""
    process, lab = start_lab(
        folder, folder.parent / "lab.log", environment={"EXOCOURSE_NODELAY": str(int(nodelay))}
    )
    try:
        context = browser.new_context(
            viewport={"width": 1280, "height": 2200}, device_scale_factor=scale
        )
        notebook = Notebook(context.new_page(), lab, "bench.ipynb").open().run_all()
        notebook.page.wait_for_selector(".exo-stage canvas[data-frame]")
        notebook.page.wait_for_timeout(3000)
        arguments = {"indices": [0, 1, 2], "moves": moves, "pause": 40}
        notebook.page.evaluate(MEASURE, arguments | {"moves": 5})  # warm-up
        times = notebook.page.evaluate(MEASURE, arguments)
        rate = notebook.page.evaluate(RATE, {"index": 1, "seconds": 4})
        context.close()
    finally:
        process.terminate()
        process.wait(20)
    return {"times": dict(zip(CELLS, times, strict=True)), "rate": rate}


def main(moves: int = 60) -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    from exocourse.workspace import prepare

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch) / "course"
        prepare(folder)
        nbformat.write(notebook_of_cells(), folder / "bench.ipynb")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        print("slider moved -> pixels changed, ms (median / p95), moves interleaved in one page\n")
        print(f"{'':24}{'floor':>14}{'explorer':>14}{'interactive':>16}   ratio   updates/s")
        results = {}
        for nodelay in (True, False):
            for scale in (1.0, 2.0):
                found = measure(browser, folder, nodelay=nodelay, scale=scale, moves=moves)
                name = f"{scale:g}x, TCP_NODELAY {'on' if nodelay else 'off'}"
                results[name] = found
                cells = {
                    key: (statistics.median(values), quantile(values, 0.95))
                    for key, values in found["times"].items()
                }
                if not all(math.isfinite(value) for pair in cells.values() for value in pair):
                    raise SystemExit(f"{name}: a move never arrived in {cells}")
                ratio = cells["interactive"][0] / cells["explorer"][0]
                row = "".join(
                    f"{f'{median:.0f} / {p95:.0f}':>{width}}"
                    for (median, p95), width in zip(cells.values(), (14, 14, 16), strict=True)
                )
                print(f"{name:24}{row}   {ratio:4.1f}x   {found['rate']:6.1f}", flush=True)
        on, off = results["1x, TCP_NODELAY on"], results["1x, TCP_NODELAY off"]
        print(f"\nTCP_NODELAY, updates a second at 1x, on / off: {on['rate'] / off['rate']:.2f}")
        explorer, floor = (quantile(on["times"][key], 0.95) for key in ("explorer", "floor"))
        print(
            f"p95 at 1x, explorer / floor: {explorer:.0f} / {floor:.0f} ms = {explorer / floor:.2f}"
        )
        browser.close()
        artefacts = Path(__file__).resolve().parents[2] / "test-artefacts"
        artefacts.mkdir(exist_ok=True)
        (artefacts / "bench_explorer.json").write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
