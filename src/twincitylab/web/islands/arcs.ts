// Twinnings as great-circle arcs, cut where they cross the antimeridian.
import { type Cities } from "./cities";
import { project } from "./projection";

const RADIAN = Math.PI / 180;

export interface Arc {
  a: number;
  b: number;
  path: Float32Array; // x, y; NaN starts a new line
}

export function arcOf(cities: Cities, a: number, b: number): Arc {
  const from = vector(cities, a);
  const to = vector(cities, b);
  const angle = Math.acos(Math.max(-1, Math.min(1, from[0] * to[0] + from[1] * to[1] + from[2] * to[2])));
  const parts = Math.max(2, Math.min(40, Math.ceil(angle / RADIAN / 4)));
  const points: number[] = [];
  let last: [number, number] | undefined;
  for (let i = 0; i <= parts; i++) {
    const point = between(from, to, angle, i / parts);
    if (last && Math.abs(point[0] - last[0]) > 180) points.push(...cutAt(last, point));
    points.push(...project(...point));
    last = point;
  }
  return { a, b, path: Float32Array.from(points) };
}

function vector(cities: Cities, row: number): [number, number, number] {
  const lat = (cities.lat[row] as number) * RADIAN;
  const lon = (cities.lon[row] as number) * RADIAN;
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

type Vector = [number, number, number];

function between(from: Vector, to: Vector, angle: number, share: number): [number, number] {
  const sine = Math.sin(angle) || 1;
  const f = angle < 1e-6 ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const t = angle < 1e-6 ? share : Math.sin(share * angle) / sine;
  const x = f * from[0] + t * to[0];
  const y = f * from[1] + t * to[1];
  const z = f * from[2] + t * to[2];
  return [Math.atan2(y, x) / RADIAN, Math.atan2(z, Math.hypot(x, y)) / RADIAN];
}

// Out at one edge of the map, in again at the other, where the arc really crosses.
function cutAt(last: [number, number], next: [number, number]): number[] {
  const edge = last[0] > 0 ? 180 : -180;
  const share = (edge - last[0]) / (next[0] + 2 * edge - last[0]);
  const lat = last[1] + share * (next[1] - last[1]);
  return [...project(edge, lat), NaN, NaN, ...project(-edge, lat)];
}
