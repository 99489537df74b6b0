declare namespace App {
  interface Locals {
    /** Answers everything a page shows. Undefined only before the middleware. */
    library: import('./library/queries/page-queries.ts').LibraryReader;
  }
}
