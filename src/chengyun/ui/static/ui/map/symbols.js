// The symbols of cases, drawn as pictures in the colours of the theme: a lamp, or a major class, is a shape and a colour.
const LAMP_COLOUR = { green: "--on-time", yellow: "--near-fill", red: "--over", grey: "--paused", "": "--accent" };
// The shapes of lamps.css, in a square of 24; the second path is cut out.
const LAMP_SHAPE = {
  green: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16z",
  yellow: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM12 6.5a5.5 5.5 0 0 1 0 11z",
  red: "M12 3 21.5 20.5H2.5z",
  grey: "M5 4h5v16H5zM14 4h5v16h-5z",
  "": "M12 6a6 6 0 1 0 0 12a6 6 0 0 0 0-12z",
};
// Six shapes in four colours tell 24 classes apart; neighbours in the catalogue differ in both.
const CLASS_SHAPE = [
  "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16z", "M5 5h14v14H5z", "M12 2.5 21.5 12 12 21.5 2.5 12z", "M12 3 21.5 20.5H2.5z",
  "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z", "M7 4h10l5 8-5 8H7l-5-8z",
];
const CLASS_COLOUR = ["--map-1", "--map-2", "--map-3", "--map-4"];

/** The path and token of the nth major class; anything unknown is a plain dot. */
export const classSymbol = (index) => (index < 0 ? [LAMP_SHAPE[""], "--ink-3"] : [CLASS_SHAPE[index % 6], CLASS_COLOUR[index % 4]]);

const picture = (path, fill, rim) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 48 });
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  const shape = new Path2D(path);
  Object.assign(pen, { fillStyle: fill, strokeStyle: rim, lineWidth: 3, lineJoin: "round" });
  pen.stroke(shape);
  pen.fill(shape, "evenodd");
  return pen.getImageData(0, 0, 48, 48);
};

const put = (map, name, path, fill, rim) => {
  if (map.hasImage(name)) map.removeImage(name);
  map.addImage(name, picture(path, fill, rim), { pixelRatio: 2 });
};

/** `paint` gives the colour of a token. */
export const addLamps = (map, paint) => {
  for (const [lamp, path] of Object.entries(LAMP_SHAPE)) put(map, `lamp-${lamp}`, path, paint(LAMP_COLOUR[lamp]), paint("--paper"));
};

export const addClasses = (map, paint, count) => {
  for (let index = -1; index < count; index += 1) {
    const [path, token] = classSymbol(index);
    put(map, `class-${index}`, path, paint(token), paint("--paper"));
  }
};
