/** What is used of pino-roll, which has no types of its own. */
declare module 'pino-roll' {
  import type { DestinationStream } from 'pino';

  export interface RollOptions {
    /** Path without number and extension. */
    file: string;
    /** Size of a file at most: `10m`. */
    size: string;
    extension: string;
    /** Older files that are kept besides the one that is written. */
    limit: { count: number; removeOtherLogFiles: boolean };
    mkdir: boolean;
  }

  /** A stream into numbered files (sonic-boom). */
  export interface RollingStream extends DestinationStream {
    on(event: 'error', hear: (error: Error) => void): void;
    once(event: 'close', hear: () => void): void;
    end(): void;
  }

  export default function roll(options: RollOptions): Promise<RollingStream>;
}
