import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Finding } from './finding.ts';
import { variantsOf, type Variant } from './variants.ts';
export interface Inspection { width: number; height: number; colour: string; findings: Finding[] }
export class EncodedStore {
  dir: string;
  constructor(dir: string) { this.dir = dir; }
  folder(hash: string) { return join(this.dir, hash.slice(0, 2), hash); }
  path(hash: string, v: Variant) { return join(this.folder(hash), v.name); }
  async inspect(hash: string, read: () => Promise<Uint8Array>): Promise<Inspection> {
    const f = join(this.folder(hash), 'facts.json');
    if (existsSync(f)) return JSON.parse(readFileSync(f, 'utf8'));
    let facts: Inspection;
    try {
      const bytes = await read();
      const m = await sharp(bytes).autoOrient().metadata();
      const { dominant } = await sharp(bytes).resize(64).stats();
      facts = { width: m.autoOrient.width, height: m.autoOrient.height, colour: '#' + [dominant.r, dominant.g, dominant.b].map((x) => x.toString(16).padStart(2, '0')).join(''), findings: [] };
    } catch { facts = { width: 0, height: 0, colour: '#888888', findings: [{ code: 'not-an-image', level: 'error', message: '这不是图片', remedy: '请换成照片。' }] }; }
    mkdirSync(this.folder(hash), { recursive: true }); writeFileSync(f, JSON.stringify(facts)); return facts;
  }
  async encodeAll(list: { hash: string; read: () => Promise<Uint8Array> }[], progress: (a: number, b: number) => void) {
    let n = 0;
    for (const { hash, read } of list) {
      const facts = await this.inspect(hash, read);
      let bytes: Uint8Array | undefined;
      for (const v of variantsOf(facts)) {
        const p = this.path(hash, v); if (existsSync(p)) continue;
        bytes ??= await read(); const s = sharp(bytes).autoOrient().resize(v.width, v.height);
        const b = v.format === 'avif' ? await s.avif({ quality: 52, effort: 0 }).toBuffer() : await s.jpeg({ quality: 74, mozjpeg: true }).toBuffer();
        writeFileSync(p + '.tmp', b); renameSync(p + '.tmp', p);
      }
      progress(++n, list.length);
    }
  }
}
export const openStore = (dir: string) => new EncodedStore(dir);
