// The cases on the map: clusters from afar, single symbols near. The server sends columns (web/mapdesk/cases.py).
import { growing } from "../ui/map/ground.js";

const NOTHING = { type: "FeatureCollection", features: [] };
const URGENCY = ["match", ["get", "lamp"], "red", 3, "yellow", 2, "green", 1, 0];
const counted = (lamp) => ["+", ["case", ["==", ["get", "lamp"], lamp], 1, 0]];

export const caseSource = (data) => ({
  type: "geojson", data: data || NOTHING, cluster: true, clusterMaxZoom: 14, clusterRadius: 42,
  clusterProperties: { red: counted("red"), yellow: counted("yellow") },
});

/** `colour`: "lamp" or "class". */
export const caseLayers = (paint, colour) => {
  const clustered = ["has", "point_count"];
  const worst = ["case", [">", ["get", "red"], 0], paint("--over"), [">", ["get", "yellow"], 0], paint("--near-fill"), paint("--on-time")];
  const rim = colour === "lamp" ? worst : paint("--accent");
  // The sign beside the number says without colour that something in there is late.
  const count = ["concat", ["case", [">", ["get", "red"], 0], "▲", ""], ["to-string", ["get", "point_count"]]];
  return [
    { id: "clusters", type: "circle", source: "cases", filter: clustered, paint: { "circle-color": paint("--paper"), "circle-radius": ["step", ["get", "point_count"], 15, 20, 18, 100, 22, 1000, 28], "circle-stroke-color": rim, "circle-stroke-width": 3 } },
    { id: "cluster-counts", type: "symbol", source: "cases", filter: clustered, layout: { "text-field": count, "text-size": 12, "text-allow-overlap": true }, paint: { "text-color": paint("--ink") } },
    {
      id: "cases", type: "symbol", source: "cases", filter: ["!", clustered],
      layout: {
        "icon-image": ["concat", `${colour}-`, ["to-string", ["get", colour]]], "icon-size": growing(0.6, 1),
        "icon-allow-overlap": true, "symbol-sort-key": URGENCY,
      },
    },
  ];
};

const features = (sent, majors) => {
  const major = sent.classes.map((code) => majors.findIndex(([begin]) => code && code.startsWith(begin)));
  return sent.id.map((id, at) => ({
    type: "Feature", geometry: { type: "Point", coordinates: [sent.lon[at] / 1e6, sent.lat[at] / 1e6] },
    properties: { id, lamp: sent.lamps[sent.lamp[at]], class: major[sent.class[at]] },
  }));
};

const holds = (outer, inner) => outer && outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];

/** Keeps what was fetched for somewhat more than the view, so that panning within it asks nobody. */
export class CaseStore {
  constructor(address, majors) {
    Object.assign(this, { address, majors, data: NOTHING, box: null, more: false });
  }

  /** True when there is something new to draw; `again` asks even for what is there. */
  async fetch([west, south, east, north], again) {
    if (!again && !this.more && holds(this.box, [west, south, east, north])) return false;
    const wide = (east - west) * 0.35, tall = (north - south) * 0.35;
    const box = [Math.max(-180, west - wide), Math.max(-90, south - tall), Math.min(180, east + wide), Math.min(90, north + tall)];
    const answer = await fetch(`${this.address}&bbox=${box.map((each) => each.toFixed(5))}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const sent = await answer.json();
    Object.assign(this, { box, more: sent.more, data: { type: "FeatureCollection", features: features(sent, this.majors) } });
    return true;
  }

  within([west, south, east, north]) {
    return this.data.features.filter(({ geometry: { coordinates: [x, y] } }) => x >= west && x <= east && y >= south && y <= north);
  }
}
