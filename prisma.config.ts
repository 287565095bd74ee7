import { defineConfig } from "prisma/config";

// For `prisma migrate` and `prisma studio` against a PostgreSQL of your own; the server itself reads apps/web/src/env.ts.
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
