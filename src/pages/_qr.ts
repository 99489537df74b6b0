import type { APIRoute } from 'astro';
import { qrPath, QUIET_ZONE } from '../text/qr-code.ts';

/** The QR code of the article that it lies beside: black on white, whatever is around it. */
export const qrCode: APIRoute = ({ locals: { library }, url }) => {
  const address = library.site().origin + url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
  const { size, path } = qrPath(address);
  const whole = size + 2 * QUIET_ZONE;
  const box = `${-QUIET_ZONE} ${-QUIET_ZONE} ${whole} ${whole}`;
  const ground = `<path fill="#fff" d="M${-QUIET_ZONE} ${-QUIET_ZONE}h${whole}v${whole}h-${whole}z"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" shape-rendering="crispEdges">${ground}<path d="${path}"/></svg>\n`;
  return new Response(svg, { headers: { 'Content-Type': 'image/svg+xml' } });
};
