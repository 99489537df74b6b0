declare namespace App {
  interface Locals {
    /** All queries that a page may make. Undefined only before the middleware has run. */
    library: import('./library/queries/page-queries.ts').LibraryReader;
  }
}
