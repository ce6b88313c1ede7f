// The county under everything: townships, cells, roads, their names. From our own GeoJSON, no tiles, no outside host.
export const growing = (small, large) => ["interpolate", ["linear"], ["zoom"], 9, small, 15, large];

/** Which layers a declared layer's switch turns, where the ground already draws it. */
export const GROUND = { townships: ["borders", "names"], cells: ["cells"], roads: ["lanes", "roads", "road-names"] };

/** The layers of the ground in order, from the sources `townships`, `cells` and `roads`. */
export const ground = (paint) => {
  const words = (size) => ({ "text-field": ["get", "name"], "text-size": size });
  const written = { "text-color": paint("--ink-2"), "text-halo-color": paint("--paper"), "text-halo-width": 1.5 };
  const round = { "line-cap": "round" };
  return [
    { id: "ground", type: "background", paint: { "background-color": paint("--ground") } },
    { id: "townships", type: "fill", source: "townships", paint: { "fill-color": paint("--paper") } },
    { id: "cells", type: "line", source: "cells", minzoom: 12, paint: { "line-color": paint("--line"), "line-width": 1 } },
    { id: "lanes", type: "line", source: "roads", minzoom: 12.5, filter: ["==", ["get", "main"], false], layout: round, paint: { "line-color": paint("--line"), "line-width": growing(1, 4) } },
    { id: "roads", type: "line", source: "roads", filter: ["!=", ["get", "main"], false], layout: round, paint: { "line-color": paint("--line-2"), "line-width": growing(1, 5) } },
    { id: "borders", type: "line", source: "townships", paint: { "line-color": paint("--ink-3"), "line-width": 1, "line-dasharray": [3, 2] } },
    { id: "names", type: "symbol", source: "townships", maxzoom: 13.5, layout: words(12), paint: written },
    { id: "road-names", type: "symbol", source: "roads", minzoom: 12.5, layout: { "symbol-placement": "line", ...words(11) }, paint: written },
  ];
};
