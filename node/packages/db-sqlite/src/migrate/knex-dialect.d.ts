/** What of knex's own dialect is used; knex has no types for it. */
declare module "knex/lib/dialects/better-sqlite3/index.js" {
  class Dialect {
    readonly connectionSettings: { readonly filename: string };
    _formatBindings(bindings: unknown[] | undefined): (string | number | bigint | null)[];
  }
  export default Dialect;
}
