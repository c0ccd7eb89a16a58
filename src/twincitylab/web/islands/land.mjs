// The land of the world map: rings cut at the antimeridian, so that no line crosses the whole map.
import { feature } from "topojson-client";

const STEP = 4; // degrees; a long edge bends once projected

export function landRings(topology) {
  const rings = [];
  for (const { geometry } of feature(topology, topology.objects.land).features) {
    for (const polygon of geometry.coordinates) {
      for (const ring of polygon) rings.push(...cut(unwrapped(ring)));
    }
  }
  return rings.map((ring) => densified(ring).flatMap(([x, y]) => [Math.round(x * 100), Math.round(y * 100)]));
}

// Longitudes go on beyond 180 instead of jumping; a ring around the pole is closed over the pole.
function unwrapped(ring) {
  const points = [];
  let turn = 0;
  for (let i = 0; i < ring.length; i++) {
    if (i > 0 && Math.abs(ring[i][0] - ring[i - 1][0]) > 180) turn += ring[i][0] > ring[i - 1][0] ? -360 : 360;
    points.push([ring[i][0] + turn, ring[i][1]]);
  }
  if (turn !== 0) {
    const pole = points[0][1] < 0 ? -90 : 90;
    points.push([points.at(-1)[0], pole], [points[0][0], pole]);
  }
  return points;
}

function cut(points) {
  const pieces = [];
  for (const shift of [-360, 0, 360]) {
    let piece = points.map(([x, y]) => [x + shift, y]);
    piece = clipped(piece, (x) => x >= -180, -180);
    piece = clipped(piece, (x) => x <= 180, 180);
    if (piece.length > 2) pieces.push(piece);
  }
  return pieces;
}

// Sutherland and Hodgman, one meridian at a time.
function clipped(points, inside, meridian) {
  const kept = [];
  points.forEach((point, i) => {
    const last = points.at(i - 1);
    if (inside(point[0]) !== inside(last[0])) {
      const share = (meridian - last[0]) / (point[0] - last[0]);
      kept.push([meridian, last[1] + share * (point[1] - last[1])]);
    }
    if (inside(point[0])) kept.push(point);
  });
  return kept;
}

function densified(points) {
  return points.flatMap((point, i) => {
    const next = points[(i + 1) % points.length];
    const parts = Math.max(1, Math.ceil(Math.max(Math.abs(next[0] - point[0]), Math.abs(next[1] - point[1])) / STEP));
    return Array.from({ length: parts }, (_, k) => [
      point[0] + ((next[0] - point[0]) * k) / parts,
      point[1] + ((next[1] - point[1]) * k) / parts,
    ]);
  });
}

// Equal Earth (Savric, Patterson and Jenny 2018); the same figures as in projection.ts.
function projected(lon, lat) {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const m = Math.sqrt(3) / 2;
  const l = Math.asin(m * Math.sin((lat * Math.PI) / 180));
  const l2 = l * l;
  const l6 = l2 ** 3;
  return [
    (((lon * Math.PI) / 180) * Math.cos(l)) / (m * (a1 + 3 * a2 * l2 + l6 * (7 * a3 + 9 * a4 * l2))),
    -l * (a1 + a2 * l2 + l6 * (a3 + a4 * l2)),
  ];
}

// The still picture shown while the map loads, and without scripts.
export function landPicture(rings) {
  const point = (lon, lat) => projected(lon, lat).map((v) => (v * 180).toFixed(1)).join(" ");
  const path = rings.map((ring) => {
    const points = [];
    for (let i = 0; i < ring.length; i += 2) points.push(point(ring[i] / 100, ring[i + 1] / 100));
    return `M${points.join("L")}Z`;
  });
  const edge = [];
  for (let lat = -90; lat <= 90; lat += 5) edge.push(point(180, lat));
  for (let lat = 90; lat >= -90; lat -= 5) edge.push(point(-180, lat));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-490 -240 980 480"><style>.s{fill:#f2f4f3}.l{fill:#dcd7c9}@media(prefers-color-scheme:dark){.s{fill:#171d22}.l{fill:#2c353c}}</style><path class="s" d="M${edge.join("L")}Z"/><path class="l" d="${path.join("")}"/></svg>`;
}
