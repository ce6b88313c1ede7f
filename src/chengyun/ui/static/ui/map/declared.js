// The layers that modules declare (ui/map_layers.py) as MapLibre's sources and layers. Everything is named `own-<key>`.
const absolute = (address) => location.origin + address;

const source = (spec, box) => {
  if (spec.source === "mvt") return { type: "vector", tiles: [absolute(spec.url)], minzoom: Math.max(0, Math.floor(spec.min_zoom)), maxzoom: 16 };
  const whole = spec.by_box ? { type: "FeatureCollection", features: [] } : absolute(spec.url);
  return { type: "geojson", data: box ? `${absolute(spec.url)}?bbox=${box}` : whole };
};

const growing = (small, large) => ["interpolate", ["linear"], ["zoom"], 9, small, 16, large];

const shapes = {
  line: (id, ink) => [{ id, type: "line", paint: { "line-color": ink, "line-width": growing(1, 2.5) } }],
  fill: (id, ink) => [
    { id, type: "fill", paint: { "fill-color": ink, "fill-opacity": 0.14 } },
    { id: `${id}-rim`, type: "line", paint: { "line-color": ink, "line-width": 1.2 } },
  ],
  point: (id, ink, paper) => [
    { id, type: "circle", paint: { "circle-color": ink, "circle-radius": growing(1.5, 4), "circle-stroke-color": paper, "circle-stroke-width": 1 } },
  ],
  heat: (id, ink) => [{ id, type: "heatmap", paint: {
    "heatmap-weight": ["interpolate", ["linear"], ["get", "weight"], 0, 0, 1, 1],
    "heatmap-radius": growing(10, 40), "heatmap-opacity": 0.7,
    "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "transparent", 1, ink],
  } }],
};

const words = (spec, id, paint) => ({
  id: `${id}-name`, type: "symbol", minzoom: Math.max(spec.min_zoom, spec.form === "point" ? 15 : 0),
  layout: {
    "text-field": ["to-string", ["get", spec.label]], "text-size": 11, "symbol-placement": spec.form === "line" ? "line" : "point",
    ...(spec.form === "point" ? { "text-offset": [0, 0.8], "text-anchor": "top" } : {}),
  },
  paint: { "text-color": paint("--ink-2"), "text-halo-color": paint("--paper"), "text-halo-width": 1.5 },
});

/** [sourceId, source, layers] of one declared layer; `paint` gives the colour of a token, `box` what is in view. */
export const declared = (spec, paint, box = "") => {
  const id = `own-${spec.key}`;
  const drawn = shapes[spec.form](id, paint(spec.colour), paint("--paper"));
  if (spec.label) drawn.push(words(spec, id, paint));
  const inside = spec.source === "mvt" ? { "source-layer": spec.tile_layer } : {};
  const layers = drawn.map((layer) => ({ minzoom: spec.min_zoom, ...layer, source: id, ...inside }));
  return [id, source(spec, box), layers];
};
