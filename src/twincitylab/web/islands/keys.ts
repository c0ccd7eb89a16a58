// The map with the keyboard: arrow keys go from city to city, Enter opens one, plus and minus zoom.
import * as L from "leaflet";
import { type CanvasLayer, type Scene } from "./canvas";
import { screenOf } from "./projection";

const STEP = 18; // pixels a step has at least; zooming in makes steps finer
const PULL = 0.9; // pixels by which a city may be farther off for each point of size
const SIDEWAYS = 2.5; // how much a pixel off the direction counts
const PAUSE = 150; // what is only passed is not asked for
const MARGIN = L.point(60, 60);

export interface Labels {
  show(row: number, at: () => L.Point, isSpoken?: boolean): Promise<void>;
  hide(): void;
  open(row: number): Promise<void>;
}

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function chooseByKey(map: L.Map, scene: Scene, layer: CanvasLayer, labels: Labels): void {
  const canvas = map.getContainer();
  canvas.tabIndex = 0;
  let timer = 0;
  const choose = (row: number): void => {
    scene.chosen = row;
    labels.hide();
    if (row >= 0) map.panInside(placeOf(scene, row), { padding: MARGIN, animate: false });
    layer.redraw();
    window.clearTimeout(timer);
    if (row >= 0) timer = window.setTimeout(() => void labels.show(row, () => pointOf(map, scene, row), true), PAUSE);
  };
  const zoom = (steps: number): void => {
    const to = map.getZoom() + steps * (map.options.zoomDelta ?? 1);
    map.setView(scene.chosen < 0 ? map.getCenter() : placeOf(scene, scene.chosen), to, { animate: false });
    if (scene.chosen >= 0) choose(scene.chosen); // the label stands elsewhere now
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.target !== canvas || event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = DIRECTIONS[event.key];
    if (direction && event.shiftKey) map.panBy([direction[0] * 80, direction[1] * 80], { animate: false });
    else if (direction) choose(scene.chosen < 0 ? first(map, scene) : next(map, scene, direction));
    else if (event.key === "Enter" && scene.chosen >= 0) void labels.open(scene.chosen);
    else if (event.key === "Escape" && scene.chosen >= 0) choose(-1);
    else if (event.key === "+" || event.key === "=") zoom(1);
    else if (event.key === "-") zoom(-1);
    else return;
    event.preventDefault();
  });
}

function placeOf({ cities }: Scene, row: number): L.LatLng {
  return L.latLng(cities.lat[row] as number, cities.lon[row] as number);
}

function pointOf(map: L.Map, scene: Scene, row: number): L.Point {
  return map.latLngToContainerPoint(placeOf(scene, row));
}

// A large city near the middle of what is seen; of a chosen country its largest.
function first(map: L.Map, scene: Scene): number {
  const middle = map.getSize().divideBy(2);
  return least(map, scene, (dx, dy, size) => (scene.country < 0 ? Math.hypot(dx, dy) : 0) - 4 * size, middle);
}

function next(map: L.Map, scene: Scene, [right, down]: readonly [number, number]): number {
  const found = least(
    map,
    scene,
    (dx, dy, size) => {
      const ahead = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      return ahead < STEP || aside > ahead ? Infinity : ahead + SIDEWAYS * aside - PULL * size;
    },
    pointOf(map, scene, scene.chosen),
  );
  return found < 0 ? scene.chosen : found;
}

// The city with the least cost, by how many pixels it lies from a point and its size.
function least(map: L.Map, { cities, country }: Scene, cost: (dx: number, dy: number, size: number) => number, from: L.Point): number {
  const { zero, scale } = screenOf(map);
  let best = -1;
  let lowest = Infinity;
  for (let i = 0; i < cities.count; i++) {
    if (country >= 0 && cities.country[i] !== country) continue;
    const dx = zero.x + (cities.x[i] as number) * scale - from.x;
    const dy = zero.y - (cities.y[i] as number) * scale - from.y;
    const value = cost(dx, dy, cities.size[i] as number);
    if (value < lowest) {
      lowest = value;
      best = i;
    }
  }
  return best;
}
