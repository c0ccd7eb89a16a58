// The Equal Earth projection (Savric, Patterson and Jenny 2018) for Leaflet: no continent is drawn larger than it is.
import * as L from "leaflet";

const A1 = 1.340264;
const A2 = -0.081106;
const A3 = 0.000893;
const A4 = 0.003796;
const M = Math.sqrt(3) / 2;
const RADIAN = Math.PI / 180;
const WIDTH = 2.7066; // x of the point (180, 0)
const HEIGHT = 1.3173627591574; // y of the pole

export function project(lon: number, lat: number): [number, number] {
  const l = Math.asin(M * Math.sin(lat * RADIAN));
  const l2 = l * l;
  const l6 = l2 * l2 * l2;
  return [
    (lon * RADIAN * Math.cos(l)) / (M * (A1 + 3 * A2 * l2 + l6 * (7 * A3 + 9 * A4 * l2))),
    l * (A1 + A2 * l2 + l6 * (A3 + A4 * l2)),
  ];
}

function unproject(x: number, y: number): [number, number] {
  let l = Math.max(-HEIGHT, Math.min(HEIGHT, y));
  for (let i = 0; i < 12; i++) {
    const l2 = l * l;
    const l6 = l2 * l2 * l2;
    const step = (l * (A1 + A2 * l2 + l6 * (A3 + A4 * l2)) - y) / (A1 + 3 * A2 * l2 + l6 * (7 * A3 + 9 * A4 * l2));
    l -= step;
    if (Math.abs(step) < 1e-9) break;
  }
  const l2 = l * l;
  const l6 = l2 * l2 * l2;
  const lon = (M * x * (A1 + 3 * A2 * l2 + l6 * (7 * A3 + 9 * A4 * l2))) / Math.cos(l) / RADIAN;
  const lat = Math.asin(Math.max(-1, Math.min(1, Math.sin(l) / M))) / RADIAN;
  return [Math.max(-180, Math.min(180, lon)), lat];
}

// Leaflet measures the world in a square of 256 pixels at zoom 0.
export const EqualEarth: L.CRS = L.extend({}, L.CRS, {
  code: "EqualEarth",
  wrapLng: undefined,
  infinite: false,
  projection: {
    bounds: L.bounds([-WIDTH, -HEIGHT], [WIDTH, HEIGHT]),
    project: ({ lat, lng }: L.LatLng) => L.point(project(lng, lat)),
    unproject: ({ x, y }: L.Point) => {
      const [lon, lat] = unproject(x, y);
      return L.latLng(lat, lon);
    },
  },
  transformation: new L.Transformation(0.5 / WIDTH, 0.5, -0.5 / WIDTH, 0.25),
}) as unknown as L.CRS;

// Where the middle of the projection is on the screen, and how many pixels one of its units has.
export function screenOf(map: L.Map): { zero: L.Point; scale: number } {
  const zero = map.latLngToContainerPoint([0, 0]);
  return { zero, scale: (map.latLngToContainerPoint([0, 180]).x - zero.x) / project(180, 0)[0] };
}
