// Runs in browser and Node: pure.
import type { Relation } from '../package/relations.ts';
import { elementAt, numberIn, type XmlElement } from '../package/xml.ts';
import { chosenContent } from './alternate-content.ts';
import type { Block, Losses, Picture } from './blocks.ts';

/** What a drawing is read with. */
export interface DrawingContext {
  relations: ReadonlyMap<string, Relation>;
  /** Returns whether the package has a part. */
  hasPart(name: string): boolean;
  losses: Losses;
  /** Returns the blocks in a text box. */
  readBox(element: XmlElement): Block[];
}

/** English Metric Units of a centimetre (ISO/IEC 29500-1, 20.1.2.1), and centimetres of a point. */
const EMU = 360_000;
const POINT = 2.54 / 72;

/** A side from which less is cut off, in thousandths of a percent, is not worth telling about. */
const LEAST_CROP = 500;

function isCropped(rectangle: XmlElement | undefined): boolean {
  return ['l', 't', 'r', 'b'].some((side) => (numberIn(rectangle?.attributes.get(side)) ?? 0) > LEAST_CROP);
}

function isCroppedVml({ attributes }: XmlElement): boolean {
  return ['cropleft', 'croptop', 'cropright', 'cropbottom'].some((side) => !/^0?f?$/u.test(attributes.get(side) ?? ''));
}

/** Reads a drawing (`w:drawing`, `w:pict` or `w:object`) into its pictures and the blocks of its text boxes. */
export function readDrawing(drawing: XmlElement, context: DrawingContext): { pictures: Picture[]; boxes: Block[] } {
  const { relations, losses } = context;
  const pictures: Picture[] = [];
  const boxes: Block[] = [];
  let width: number | undefined;
  let alt = '';

  /** Adds the picture that a relation leads to, or counts it as lost. */
  function add(id: string | undefined, cropped: boolean): void {
    const relation = id === undefined ? undefined : relations.get(id);
    if (relation?.external) losses.linkedPictures += 1;
    else if (!relation || !context.hasPart(relation.target)) losses.missingPictures += 1;
    else if (/\.(?:emf|wmf|svg)$/iu.test(relation.target)) losses.vectorPictures += 1;
    else pictures.push({ part: relation.target, cropped, alt, width });
  }

  function read(element: XmlElement): void {
    const { name, attributes } = element;
    switch (name) {
      case 'mc:AlternateContent':
        chosenContent(element).forEach(read);
        return;
      case 'w:txbxContent':
        for (const block of context.readBox(element)) boxes.push(block);
        return;
      case 'pic:blipFill': {
        const blip = elementAt(element, 'a:blip')?.attributes;
        if (blip) add(blip.get('r:embed') ?? blip.get('r:link'), isCropped(elementAt(element, 'a:srcRect')));
        return;
      }
      case 'v:imagedata':
        add(attributes.get('r:id') ?? attributes.get('r:href'), isCroppedVml(element));
        return;
      case 'wp:extent':
        width = (numberIn(attributes.get('cx')) ?? 0) / EMU;
        break;
      case 'wp:docPr':
      case 'pic:cNvPr':
        alt = attributes.get('descr') ?? alt;
        break;
      case 'v:shape': {
        const points = /(?:^|;)\s*width:([\d.]+)pt/u.exec(attributes.get('style') ?? '')?.[1];
        width = points === undefined ? width : Number(points) * POINT;
        alt = attributes.get('alt') ?? alt;
        break;
      }
      case 'a:graphicData':
        if (/\/(?:chart|chartex|diagram)$/u.test(attributes.get('uri') ?? '')) losses.charts += 1;
        break;
      default:
        break;
    }
    element.children.forEach(read);
  }

  if (drawing.name === 'w:object') losses.objects += 1;
  read(drawing);
  return { pictures, boxes };
}
