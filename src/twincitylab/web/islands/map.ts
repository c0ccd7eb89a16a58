// The world map: all cities and their twinnings. The list beside it holds the same for those who do not see or use it.
import * as L from "leaflet";
import { arcOf } from "./arcs";
import { CanvasLayer, type Inks, type Scene } from "./canvas";
import { type Cities, readCities, readTwinnings } from "./cities";
import { chooseByKey, type Labels } from "./keys";
import { EqualEarth, project, screenOf } from "./projection";

const REACH = 12; // pixels around the pointer in which a city is found

interface PlaceAnswer {
  label: string;
  url: string;
}

async function start(frame: HTMLElement): Promise<void> {
  const [land, cities, twinnings] = await Promise.all([
    fetched(frame.dataset["land"]).then((response) => response.json() as Promise<number[][]>),
    fetched(frame.dataset["cities"]).then((response) => response.arrayBuffer()),
    frame.dataset["twinnings"] ? fetched(frame.dataset["twinnings"]).then((response) => response.arrayBuffer()) : undefined,
  ]);
  const atlas = readCities(cities);
  const links = twinnings ? readTwinnings(twinnings) : { a: new Uint16Array(), b: new Uint16Array() };
  const scene: Scene = {
    land: land.map(projectedRing),
    cities: atlas,
    arcs: Array.from(links.a, (a, i) => arcOf(atlas, a, links.b[i] as number)),
    country: countryIndex(atlas, frame.dataset["country"]),
    marked: Number(frame.dataset["marked"] ?? -1),
    chosen: -1,
    emphasis: Number(frame.dataset["emphasis"] ?? 1),
  };
  show(frame, scene);
}

async function fetched(address: string | undefined): Promise<Response> {
  const response = await fetch(address ?? "");
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response;
}

function projectedRing(ring: number[]): Float32Array {
  const path = new Float32Array(ring.length);
  for (let i = 0; i < ring.length; i += 2) {
    [path[i], path[i + 1]] = project((ring[i] as number) / 100, (ring[i + 1] as number) / 100);
  }
  return path;
}

function countryIndex(cities: Cities, iso: string | undefined): number {
  return iso ? cities.countries.indexOf(iso.toUpperCase()) : -1;
}

function show(frame: HTMLElement, scene: Scene): void {
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", frame.dataset["label"] ?? "");
  frame.append(canvas);
  const inks = inksOf(frame);
  const map = L.map(canvas, {
    crs: EqualEarth,
    attributionControl: false,
    zoomSnap: 0,
    zoomDelta: 0.75,
    wheelPxPerZoomLevel: 140,
    maxZoom: 8,
    maxBoundsViscosity: 0.8,
    scrollWheelZoom: frame.dataset["wheel"] === "true",
    zoomControl: false,
    keyboard: false, // keys go from city to city, see keys.ts
  });
  L.control.zoom({ zoomInTitle: frame.dataset["zoomIn"] ?? "", zoomOutTitle: frame.dataset["zoomOut"] ?? "" }).addTo(map);
  fit(map);
  const layer = new CanvasLayer(scene, inks);
  layer.addTo(map);
  frame.querySelector(".still")?.remove();
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => layer.redraw());
  const places = new Places(frame);
  pointAt(map, scene, places);
  chooseByKey(map, scene, layer, places);
  filterByCountry(frame, scene, layer);
}

// The whole globe where there is room for it; on a narrow screen the part where most cities are.
function fit(map: L.Map): void {
  map.setView([0, 0], 1, { animate: false });
  const size = map.getSize();
  const whole = Math.log2(Math.min(size.x / 256, size.y / 125));
  const filling = Math.log2(Math.max(size.x / 256, size.y / 125));
  map.setMinZoom(whole);
  map.setView(filling - whole > 0.4 ? [28, 12] : [0, 0], filling - whole > 0.4 ? filling - 0.25 : whole, { animate: false });
  map.setMaxBounds(L.latLngBounds([-89, -179], [89, 179]).pad(0.25));
}

// Colours come from the style sheet: a canvas cannot read light-dark().
function inksOf(frame: HTMLElement): () => Inks {
  const probes = (["land", "sea", "dot", "arc", "line", "a"] as const).map((name) => {
    const probe = document.createElement("i");
    probe.className = `map-inks ink-${name}`;
    frame.append(probe);
    return [name, probe] as const;
  });
  return () => Object.fromEntries(probes.map(([name, probe]) => [name, getComputedStyle(probe).color])) as Inks;
}

// What is known of single cities, and the label that tells it beside them.
class Places implements Labels {
  private readonly tip = document.createElement("div");
  private readonly spoken = document.createElement("p");
  private readonly known = new Map<number, Promise<PlaceAnswer>>();
  private current = -1;

  constructor(private readonly frame: HTMLElement) {
    this.tip.className = "map-tip";
    this.tip.hidden = true;
    this.spoken.className = "hidden-text";
    this.spoken.setAttribute("role", "status");
    frame.append(this.tip, this.spoken);
  }

  async show(row: number, at: () => L.Point, isSpoken = false): Promise<void> {
    if (row === this.current && !this.tip.hidden) return;
    this.hide();
    this.current = row;
    const { label } = await this.ask(row).catch(() => ({ label: "" }));
    if (this.current !== row || label === "") return;
    const { x, y } = at();
    this.tip.textContent = label;
    this.tip.hidden = false;
    this.tip.style.left = `${Math.max(8, Math.min(x + 14, this.frame.clientWidth - this.tip.offsetWidth - 8))}px`;
    this.tip.style.top = `${Math.max(8, y - 38)}px`;
    if (isSpoken) this.spoken.textContent = label;
  }

  hide(): void {
    this.tip.hidden = true;
    this.current = -1;
  }

  async open(row: number): Promise<void> {
    const place = await this.ask(row).catch(() => undefined);
    if (place) location.assign(place.url);
  }

  private address(row: number): string {
    const address = new URL(this.frame.dataset["place"] ?? "", location.href);
    address.searchParams.set("row", String(row));
    return address.href;
  }

  private ask(row: number): Promise<PlaceAnswer> {
    const answer = this.known.get(row) ?? fetched(this.address(row)).then((r) => r.json() as Promise<PlaceAnswer>);
    this.known.set(row, answer);
    return answer;
  }
}

function pointAt(map: L.Map, scene: Scene, places: Places): void {
  map.on("mousemove", (event: L.LeafletMouseEvent) => {
    const row = nearest(map, scene, event.containerPoint);
    map.getContainer().style.cursor = row < 0 ? "" : "pointer";
    if (row < 0) places.hide();
    else void places.show(row, () => event.containerPoint);
  });
  map.on("mouseout movestart", () => places.hide());
  map.on("click", (event: L.LeafletMouseEvent) => {
    const row = nearest(map, scene, event.containerPoint);
    if (row >= 0) void places.open(row);
  });
}

function nearest(map: L.Map, { cities, country }: Scene, point: L.Point): number {
  const { zero, scale } = screenOf(map);
  let best = -1;
  let least = REACH * REACH;
  for (let i = 0; i < cities.count; i++) {
    if (country >= 0 && cities.country[i] !== country) continue;
    const dx = zero.x + (cities.x[i] as number) * scale - point.x;
    const dy = zero.y - (cities.y[i] as number) * scale - point.y;
    // Of two equally near, the larger city is meant.
    const distance = dx * dx + dy * dy - (cities.size[i] as number) / 4;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

// Choosing a country changes the arcs and the list without loading the map again.
function filterByCountry(frame: HTMLElement, scene: Scene, layer: CanvasLayer): void {
  const form = document.querySelector<HTMLFormElement>("form[data-map-filter]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value !== "") address.searchParams.append(name, String(value));
    const country = address.searchParams.get("country") ?? "";
    if (othersThanCountry(address) !== othersThanCountry(new URL(location.href))) {
      location.assign(address); // another map
      return;
    }
    const response = await fetch(address).catch(() => undefined);
    const list = document.getElementById("map-list");
    const page = response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : undefined;
    const fresh = page?.getElementById("map-list");
    if (!fresh || !list) {
      location.assign(address);
      return;
    }
    list.replaceWith(fresh);
    history.replaceState(null, "", address);
    frame.dataset["country"] = country;
    scene.country = countryIndex(scene.cities, country);
    scene.chosen = -1;
    layer.redraw();
  });
}

function othersThanCountry(address: URL): string {
  const asked = new URLSearchParams(address.searchParams);
  for (const name of ["country", "page"]) asked.delete(name);
  asked.sort();
  return asked.toString();
}

for (const frame of document.querySelectorAll<HTMLElement>("[data-map]")) {
  start(frame).catch((error: unknown) => console.warn(error)); // the still picture and the list stay
}
