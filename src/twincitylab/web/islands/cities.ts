// The compact files of the map: cities as planes of bytes ordered by country, twinnings as pairs of rows.
import { project } from "./projection";

export interface Cities {
  count: number;
  x: Float32Array; // Equal Earth
  y: Float32Array;
  lon: Float32Array;
  lat: Float32Array;
  size: Uint8Array; // 20 * log10 of the population
  country: Uint8Array; // index into countries
  countries: string[];
}

export interface Twinnings {
  a: Uint16Array | Uint32Array;
  b: Uint16Array | Uint32Array;
}

export function readCities(data: ArrayBuffer): Cities {
  const view = new DataView(data);
  const count = view.getUint32(4, true);
  const countryCount = view.getUint32(8, true);
  const countries: string[] = [];
  const country = new Uint8Array(count);
  let at = 12;
  for (let c = 0, row = 0; c < countryCount; c++, at += 6) {
    countries.push(String.fromCharCode(view.getUint8(at), view.getUint8(at + 1)));
    const end = row + view.getUint32(at + 2, true);
    country.fill(c, row, end);
    row = end;
  }
  const plane = (k: number) => new Uint8Array(data, at + k * count, count);
  const lat = decoded(plane(0), plane(1), 180);
  const lon = decoded(plane(2), plane(3), 360);
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  for (let i = 0; i < count; i++) [x[i], y[i]] = project(lon[i] as number, lat[i] as number);
  return { count, x, y, lon, lat, size: plane(4), country, countries };
}

function decoded(high: Uint8Array, low: Uint8Array, span: number): Float32Array {
  return Float32Array.from(high, (byte, i) => (((byte << 8) | (low[i] as number)) / 65535 - 0.5) * span);
}

export function readTwinnings(data: ArrayBuffer): Twinnings {
  const view = new DataView(data);
  const count = view.getUint32(4, true);
  const Rows = view.getUint32(8, true) === 2 ? Uint16Array : Uint32Array;
  return { a: new Rows(data, 12, count), b: new Rows(data, 12 + count * Rows.BYTES_PER_ELEMENT, count) };
}
