import { pathsOf } from '../../../library/static-paths.ts';
import { qrCode } from '../../_qr.ts';

export const getStaticPaths = () => pathsOf('/notices/[slug]/qr.svg');
export const GET = qrCode;
