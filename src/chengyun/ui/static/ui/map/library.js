// MapLibre, loaded once and only where a map is; everything from our own address.
const vendored = (file) => new URL(`../../vendor/maplibre-gl/${file}`, import.meta.url).href;

/** Chinese and figures are drawn by the browser from these fonts; no glyph server is asked. */
export const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';

let loading;
export const library = () =>
  (loading ||= (async () => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: vendored("maplibre-gl.css") }));
    const maplibre = await import(vendored("maplibre-gl.mjs"));
    maplibre.setWorkerUrl(vendored("maplibre-gl-worker.mjs"));
    return maplibre;
  })());

/** The names of the map's own controls, in the page's language: `data-zoom-in`, `data-zoom-out`, `data-canvas-label` or the map's own. */
export function named(element) {
  const { zoomIn, zoomOut, canvasLabel } = element.dataset;
  return {
    "NavigationControl.ZoomIn": zoomIn || "+",
    "NavigationControl.ZoomOut": zoomOut || "−",
    "Map.Title": canvasLabel || element.ariaLabel || "",
  };
}
