import type { APIRoute } from 'astro';
import { qrPath, QUIET_ZONE } from '../text/qr-code.ts';

/**
 * Responds with the QR code of an article's URL, as SVG: black on white in every colour scheme. The path of the article
 * is the folder of the requested path.
 */
export const qrCode: APIRoute = ({ locals: { library }, url }) => {
  const address = library.site().origin + url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
  const { size, path } = qrPath(address);
  const sideLength = size + 2 * QUIET_ZONE;
  const box = `${-QUIET_ZONE} ${-QUIET_ZONE} ${sideLength} ${sideLength}`;
  const background = `<path fill="#fff" d="M${-QUIET_ZONE} ${-QUIET_ZONE}h${sideLength}v${sideLength}h-${sideLength}z"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" shape-rendering="crispEdges">${background}<path d="${path}"/></svg>\n`;
  return new Response(svg, { headers: { 'Content-Type': 'image/svg+xml' } });
};
