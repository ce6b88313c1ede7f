// Lengths and areas on the WGS-84 ellipsoid; points are [lon, lat] in degrees.
const A = 6378137, F = 1 / 298.257223563, B = A * (1 - F);
const rad = (degrees) => (degrees * Math.PI) / 180;
const deg = (radians) => (radians * 180) / Math.PI;

/** Metres of the geodesic between two points: Vincenty's inverse, below a millimetre within a county. */
export const metres = ([lon1, lat1], [lon2, lat2]) => {
  const L = rad(lon2 - lon1);
  const U1 = Math.atan((1 - F) * Math.tan(rad(lat1))), U2 = Math.atan((1 - F) * Math.tan(rad(lat2)));
  const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
  let lambda = L;
  for (let round = 0; round < 100; round += 1) {
    const sl = Math.sin(lambda), cl = Math.cos(lambda);
    const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl), cs = s1 * s2 + c1 * c2 * cl;
    if (ss === 0) return 0;
    const sigma = Math.atan2(ss, cs), sa = (c1 * c2 * sl) / ss, ca2 = 1 - sa * sa;
    const cm = ca2 === 0 ? 0 : cs - (2 * s1 * s2) / ca2;
    const C = (F / 16) * ca2 * (4 + F * (4 - 3 * ca2));
    const next = L + (1 - C) * F * sa * (sigma + C * ss * (cm + C * cs * (2 * cm * cm - 1)));
    if (Math.abs(next - lambda) < 1e-12) {
      const u2 = (ca2 * (A * A - B * B)) / (B * B);
      const K = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
      const M = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
      const turn = M * ss * (cm + (M / 4) * (cs * (2 * cm * cm - 1) - (M / 6) * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)));
      return B * K * (sigma - turn);
    }
    lambda = next;
  }
  return NaN;
};

export const lengthOf = (points) => points.slice(1).reduce((sum, point, at) => sum + metres(points[at], point), 0);

// The area-true (authalic) latitude turns the ellipsoid into a sphere of the same area.
const E2 = F * (2 - F), E = Math.sqrt(E2);
const q = (s) => (1 - E2) * (s / (1 - E2 * s * s) - Math.log((1 - E * s) / (1 + E * s)) / (2 * E));
const QP = q(1), R2 = (A * A * QP) / 2;

/** Square metres inside the ring (first corner not repeated). */
export const areaOf = (ring) => {
  const authalic = ring.map(([, lat]) => Math.asin(q(Math.sin(rad(lat))) / QP));
  let sum = 0;
  ring.forEach(([lon], at) => {
    const next = (at + 1) % ring.length;
    const half = rad(ring[next][0] - lon) / 2;
    // The spherical excess between the edge and the equator.
    sum += 2 * Math.atan(Math.tan(half) * (Math.tan(authalic[at] / 2) + Math.tan(authalic[next] / 2)) / (1 + Math.tan(authalic[at] / 2) * Math.tan(authalic[next] / 2)));
  });
  return Math.abs(sum) * R2;
};

/** A ring of 72 corners at `radius` metres around the centre. */
export const circleAround = ([lon, lat], radius) => {
  // Metres per degree on the ellipsoid at this latitude: exact enough for a circle of some kilometres.
  const s = Math.sin(rad(lat)), w = Math.sqrt(1 - E2 * s * s);
  const north = (A * (1 - E2)) / w ** 3, east = (A * Math.cos(rad(lat))) / w;
  return Array.from({ length: 72 }, (_, at) => {
    const turn = (2 * Math.PI * at) / 72;
    return [lon + deg((radius * Math.sin(turn)) / east), lat + deg((radius * Math.cos(turn)) / north)];
  });
};
