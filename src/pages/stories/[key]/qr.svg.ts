import { pathsOf } from '../../../library/static-paths.ts';
import { qrCode } from '../../_qr.ts';

export const getStaticPaths = () => pathsOf('/stories/[key]/qr.svg');
export const GET = qrCode;
