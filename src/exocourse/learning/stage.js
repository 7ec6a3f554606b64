// The one widget of our own: a picture (optional), the words below it, a live region, and a guard
// around the container it stands in. Everything else on a lesson's page is stock ipywidgets.

const QUIET_MS = 500; // a screen reader hears the words once nothing has changed for this long
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** Keys that still belong to the notebook: run the cell, and everything with a modifier. */
function belongsToNotebook(event) {
  return event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
}

let groups = 0;

function setAttribute(element, name, value) {
  // Writing only what differs keeps the observer below from waking itself up.
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** ipywidgets leaves sliders, readouts and radio groups without a name for a screen reader. */
function nameControls(container) {
  for (const control of container.querySelectorAll(".widget-inline-hbox, .widget-radio")) {
    const label = control.querySelector(".widget-label")?.textContent.trim();
    if (!label) continue;
    const readout = control.querySelector(".widget-readout");
    for (const handle of control.querySelectorAll("[role=slider]")) {
      setAttribute(handle, "aria-label", label);
      const shown = readout?.textContent.trim();
      if (shown) setAttribute(handle, "aria-valuetext", shown);
    }
    if (readout) {
      setAttribute(readout, "role", "textbox");
      setAttribute(readout, "aria-label", `${label}, typed value`);
    }
    const radios = control.querySelector(".widget-radio-box");
    if (radios) {
      const stem = container.querySelector(".exo-stem");
      if (stem) {
        stem.id ||= `exo-stem-${++groups}`;
        setAttribute(radios, "aria-describedby", stem.id);
      }
      // Without a common name each radio button is a tab stop of its own.
      for (const input of radios.querySelectorAll("input")) {
        setAttribute(input, "name", radios.id || (radios.id = `exo-radios-${++groups}`));
      }
      setAttribute(radios, "role", "radiogroup");
      setAttribute(radios, "aria-label", label);
    }
  }
}

/** Wait until the element has been put into its container, then guard and name that container. */
function guard(el, signal) {
  let observer;
  const settle = () => {
    const container = el.closest(".exo-frame");
    if (!container) return false;
    const title = el.dataset.exoTitle;
    setAttribute(container, "role", "group");
    if (title) setAttribute(container, "aria-label", title);
    // In the notebook's command mode "d d" deletes a cell and arrows leave it: keys stay inside.
    container.addEventListener(
      "keydown",
      (event) => {
        if (!belongsToNotebook(event)) event.stopPropagation();
      },
      { signal },
    );
    observer = new MutationObserver(() => nameControls(container));
    observer.observe(container, { childList: true, subtree: true, characterData: true });
    signal.addEventListener("abort", () => observer.disconnect());
    nameControls(container);
    return true;
  };
  const wait = () => {
    if (!signal.aborted && !settle()) requestAnimationFrame(wait);
  };
  wait();
}

function bytesOf(value) {
  return new Uint8ClampedArray(value.buffer, value.byteOffset, value.byteLength);
}

function render({ model, el }) {
  const ending = new AbortController();
  el.classList.add("exo-stage");
  el.dataset.exoTitle = model.get("title");

  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const words = document.createElement("p");
  words.className = "exo-words";
  const live = document.createElement("div");
  live.className = "exo-live";
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  el.append(canvas, words, live);

  // A frame holds the tiles that changed, so frames are drawn in the order in which they arrive,
  // one after the other: decoding a compressed one must not let a later one overtake it.
  let drawn = 0;
  let complete = false;
  let queue = Promise.resolve();
  async function put({ frame, size, tiles, ratio, encoding }) {
    const bytes = bytesOf(frame);
    const picture =
      encoding === "png" && (await createImageBitmap(new Blob([bytes], { type: "image/png" })));
    const [width, height] = size;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${width / ratio}px`;
    }
    const context = canvas.getContext("2d");
    let offset = 0;
    for (const [left, top, wide, high] of tiles) {
      if (picture) {
        context.drawImage(picture, left, top);
        continue;
      }
      const end = offset + 4 * wide * high;
      context.putImageData(new ImageData(bytes.subarray(offset, end), wide, high), left, top);
      offset = end;
    }
    canvas.dataset.frame = String(++drawn);
  }
  function draw() {
    const [frame, size, tiles, ratio, encoding] = ["frame", "size", "tiles", "ratio", "encoding"].map(
      (name) => model.get(name),
    );
    canvas.hidden = !frame?.byteLength;
    if (canvas.hidden) return;
    complete ||= tiles.length === 1 && tiles[0][2] === size[0] && tiles[0][3] === size[1];
    if (!complete) return; // this page has just joined; the whole frame is on its way
    queue = queue.then(() => put({ frame, size, tiles, ratio, encoding })).catch(console.error);
  }

  let timer;
  function announce(text) {
    live.textContent = ""; // the same words again are news too
    live.textContent = text;
    canvas.setAttribute("aria-label", `${model.get("title")}. ${text}`);
  }
  function speak() {
    const text = model.get("words");
    words.textContent = text;
    words.hidden = !text;
    clearTimeout(timer);
    timer = setTimeout(() => announce(text), QUIET_MS);
  }

  model.on("change:turn", draw);
  model.on("change:words", speak);
  model.on("change:said", speak);
  words.textContent = model.get("words");
  words.hidden = !model.get("words");
  canvas.setAttribute("aria-label", `${model.get("title")}. ${model.get("words")}`);
  draw();
  guard(el, ending.signal);

  // The kernel draws at this screen's resolution, and compresses only for a distant page.
  const report = () => {
    const ratio = window.devicePixelRatio || 1;
    model.set("page", {
      ratio: Math.min(ratio, 3),
      loopback: LOOPBACK.has(window.location.hostname),
      view: Math.random(), // so that a second page with the same screen is news too
    });
    model.save_changes();
    // The query holds for one resolution only: each report asks anew.
    const density = window.matchMedia(`(resolution: ${ratio}dppx)`);
    density.addEventListener("change", report, { once: true, signal: ending.signal });
  };
  report();

  return () => {
    clearTimeout(timer);
    model.off("change:turn", draw);
    model.off("change:words", speak);
    model.off("change:said", speak);
    ending.abort();
  };
}

export default { render };
