"use strict";
// Draws the picture from the data in this file. Names are text throughout: nothing here makes HTML of them.
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("picture-data").textContent);
  const place = document.getElementById("picture");
  const network = new vis.Network(
    place,
    { nodes: data.nodes, edges: data.edges },
    data.options,
  );

  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const paint = () => {
    const font = { color: colour("--ink"), background: colour("--paper") };
    network.setOptions({ nodes: { font }, edges: { font } });
  };
  const whole = () => network.fit({ maxZoomLevel: 1.2 });
  // A small screen begins at the centre, large enough to read; the whole is one button away.
  const open = () => {
    whole();
    if (network.getScale() < 0.6 && place.clientWidth < 640) {
      network.moveTo({ position: network.getPosition(0), scale: 0.6 });
    }
  };
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  addEventListener("beforeprint", () => { root.classList.add("on-paper"); paint(); network.redraw(); });
  addEventListener("afterprint", () => { root.classList.remove("on-paper"); paint(); });
  addEventListener("resize", open);
  document.getElementById("larger").addEventListener("click", () => zoom(1.4));
  document.getElementById("smaller").addEventListener("click", () => zoom(1 / 1.4));
  document.getElementById("whole").addEventListener("click", whole);

  network.once("afterDrawing", () => { root.dataset.ready = ""; });
  paint();
  open();
})();
