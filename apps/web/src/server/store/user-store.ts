import type { Me } from "@vpclab/shared/wire/api";
import type { Tables } from "./database";

const ADMIN_NAME = "admin";

/** The one user of this version; made at the first start, without a password: it signs in by one-time links. */
export async function ensureAdmin(tables: Tables): Promise<Me> {
  return tables.user.upsert({
    where: { name: ADMIN_NAME },
    create: { name: ADMIN_NAME, role: "admin" },
    update: {},
    select: { id: true, name: true, role: true },
  });
}
