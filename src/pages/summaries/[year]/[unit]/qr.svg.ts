import { pathsOf } from '../../../../library/static-paths.ts';
import { qrCode } from '../../../_qr.ts';

export const getStaticPaths = () => pathsOf('/summaries/[year]/[unit]/qr.svg');
export const GET = qrCode;
