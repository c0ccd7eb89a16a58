// The map's own canvas layer: sea, land, twinnings and tens of thousands of cities in one pass.
import * as L from "leaflet";
import { type Arc } from "./arcs";
import { type Cities } from "./cities";
import { project } from "./projection";

export interface Scene {
  land: Float32Array[];
  cities: Cities;
  arcs: Arc[];
  country: number; // index into cities.countries, -1 for all
  marked: number; // row of a city, -1 for none
  chosen: number; // row of the city chosen with the keyboard, -1 for none
  emphasis: number; // how many times larger the dots are drawn where they are few
}

interface RendererParts {
  _container: HTMLCanvasElement;
  _bounds: L.Bounds;
  _map: L.Map;
}

export type Inks = Record<"land" | "sea" | "dot" | "arc" | "line" | "a", string>;

const GLOBE = outline();

const CLASSES = [
  { from: 0, size: 1, alpha: 0.34 },
  { from: 100, size: 1.4, alpha: 0.5 }, // 100,000 people
  { from: 114, size: 2.2, alpha: 0.7 }, // 500,000
  { from: 126, size: 3.6, alpha: 0.9 }, // 2 million
];

export class CanvasLayer extends L.Renderer {
  constructor(
    private readonly scene: Scene,
    private inks: () => Inks,
  ) {
    super({ padding: 0.35 });
  }

  private get parts(): RendererParts {
    return this as unknown as RendererParts;
  }

  _initContainer(): void {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    this.parts._container = canvas;
  }

  _destroyContainer(): void {
    this.parts._container.remove();
  }

  _update(): void {
    (L.Renderer.prototype as unknown as { _update(): void })._update.call(this);
    const { _container: canvas, _bounds: bounds } = this.parts;
    const size = bounds.getSize();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    L.DomUtil.setPosition(canvas, bounds.min as L.Point);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this.draw(ratio);
  }

  redraw(): void {
    this._update();
  }

  private draw(ratio: number): void {
    const { _container: canvas, _bounds: bounds, _map: map } = this.parts;
    const context = canvas.getContext("2d");
    if (!context) return;
    const origin = map.latLngToLayerPoint([0, 0]).subtract(bounds.min as L.Point);
    const [edge] = project(180, 0);
    const scale = (map.latLngToLayerPoint([0, 180]).x - map.latLngToLayerPoint([0, 0]).x) / edge;
    const inks = this.inks();
    const place = new Place(origin.x * ratio, origin.y * ratio, scale * ratio, ratio);
    context.fillStyle = inks.sea;
    context.strokeStyle = inks.line;
    context.lineWidth = ratio;
    context.beginPath();
    place.trace(context, GLOBE);
    context.fill();
    context.stroke();
    context.fillStyle = inks.land;
    this.scene.land.forEach((ring) => {
      context.beginPath();
      place.trace(context, ring);
      context.fill();
    });
    this.drawArcs(context, place, inks);
    this.drawCities(context, place, inks, canvas);
  }

  private drawArcs(context: CanvasRenderingContext2D, place: Place, inks: Inks): void {
    const shown = this.scene.arcs.filter((arc) => this.isShown(arc));
    context.strokeStyle = inks.arc;
    context.lineWidth = (shown.length > 2000 ? 0.7 : 1.2) * place.ratio;
    context.globalAlpha = Math.min(0.62, 0.4 * (300 / Math.max(1, shown.length)) ** 0.55); // many must not hide the land
    for (const arc of shown) {
      context.beginPath();
      place.trace(context, arc.path);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  private isShown({ a, b }: Arc): boolean {
    const { country, marked, cities } = this.scene;
    if (marked >= 0) return a === marked || b === marked;
    return country < 0 || cities.country[a] === country || cities.country[b] === country;
  }

  private drawCities(context: CanvasRenderingContext2D, place: Place, inks: Inks, canvas: HTMLCanvasElement): void {
    const { cities, country, marked } = this.scene;
    const growth = Math.max(0.8, Math.min(2.2, (place.scale / place.ratio / 190) ** 0.45)) * this.scene.emphasis * place.ratio;
    let drawn = 0;
    CLASSES.forEach(({ from, size, alpha }, k) => {
      const until = CLASSES[k + 1]?.from ?? 256;
      const side = size * growth;
      context.fillStyle = inks.dot;
      for (let i = 0; i < cities.count; i++) {
        const people = cities.size[i] as number;
        if (people < from || people >= until) continue;
        const x = place.x(cities.x[i] as number);
        const y = place.y(cities.y[i] as number);
        if (x < 0 || y < 0 || x > canvas.width || y > canvas.height) continue;
        drawn++;
        context.globalAlpha = country >= 0 && cities.country[i] !== country ? alpha * 0.3 : alpha;
        if (side < 3) context.fillRect(x - side / 2, y - side / 2, side, side);
        else {
          context.beginPath();
          context.arc(x, y, side / 2, 0, 7);
          context.fill();
        }
      }
    });
    context.globalAlpha = 1;
    canvas.dataset["dots"] = String(drawn);
    if (marked >= 0) this.drawMark(context, place, inks, marked);
    if (this.scene.chosen >= 0) this.drawRing(context, place, inks, this.scene.chosen);
  }

  private drawRing(context: CanvasRenderingContext2D, place: Place, inks: Inks, row: number): void {
    const x = place.x(this.scene.cities.x[row] as number);
    const y = place.y(this.scene.cities.y[row] as number);
    for (const [ink, width] of [[inks.sea, 6], [inks.arc, 3]] as const) {
      context.strokeStyle = ink;
      context.lineWidth = width * place.ratio;
      context.beginPath();
      context.arc(x, y, 9 * place.ratio, 0, 7);
      context.stroke();
    }
  }

  private drawMark(context: CanvasRenderingContext2D, place: Place, inks: Inks, row: number): void {
    context.fillStyle = inks.a;
    context.strokeStyle = inks.sea;
    context.lineWidth = 2 * place.ratio;
    context.beginPath();
    context.arc(place.x(this.scene.cities.x[row] as number), place.y(this.scene.cities.y[row] as number), 6 * place.ratio, 0, 7);
    context.fill();
    context.stroke();
  }
}

// From Equal Earth to the pixels of the canvas.
class Place {
  constructor(
    private readonly left: number,
    private readonly top: number,
    readonly scale: number,
    readonly ratio: number,
  ) {}
  x(value: number): number {
    return this.left + value * this.scale;
  }
  y(value: number): number {
    return this.top - value * this.scale;
  }
  trace(context: CanvasRenderingContext2D, path: Float32Array): void {
    let isNew = true;
    for (let i = 0; i < path.length; i += 2) {
      const x = path[i] as number;
      if (Number.isNaN(x)) isNew = true;
      else {
        if (isNew) context.moveTo(this.x(x), this.y(path[i + 1] as number));
        else context.lineTo(this.x(x), this.y(path[i + 1] as number));
        isNew = false;
      }
    }
  }
}

function outline(): Float32Array {
  const points: number[] = [];
  for (let lat = -90; lat <= 90; lat += 3) points.push(...project(180, lat));
  for (let lat = 90; lat >= -90; lat -= 3) points.push(...project(-180, lat));
  return Float32Array.from(points);
}
