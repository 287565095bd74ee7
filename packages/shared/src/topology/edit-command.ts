import { z } from "zod";
import {
  InstanceSchema, InternetGatewaySchema, PeeringSchema, SettingsSchema, SubnetSchema, VpcSchema, WebServerSchema,
} from "./topology";

/**
 * The only way a topology changes, in browser, server and tests alike. A gesture of a person is one command
 * (several objects at once: `batch`), so that it is one undo step and is refused or accepted as a whole.
 * Applied by `edit.ts`.
 */
const text = z.string().max(128);

const CreateSchema = z.discriminatedUnion("kind", [
  z.strictObject({ op: z.literal("create"), kind: z.literal("vpc"), object: VpcSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("subnet"), object: SubnetSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("instance"), object: InstanceSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("internet-gateway"), object: InternetGatewaySchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("peering"), object: PeeringSchema }),
]);

/** Ids never change. A VPC of a subnet and the ends of a peering are fixed at creation, as in AWS. */
const UpdateSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    op: z.literal("update"), kind: z.literal("vpc"), id: text,
    set: z.strictObject({ name: text, cidr: text }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("subnet"), id: text,
    set: z.strictObject({ name: text, cidr: text, type: SubnetSchema.shape.type }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("instance"), id: text,
    set: z.strictObject({ name: text, subnetId: text, address: text, webServer: WebServerSchema.nullable() }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("internet-gateway"), id: text,
    set: z.strictObject({ name: text }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("peering"), id: text,
    set: z.strictObject({ name: text }).partial(),
  }),
]);

/** Deletes the object and everything that cannot be without it (a VPC's subnets, gateway and peerings, a subnet's instances). */
const DeleteSchema = z.strictObject({ op: z.literal("delete"), id: text });
const SetSettingsSchema = z.strictObject({ op: z.literal("settings"), set: SettingsSchema.partial() });

const SingleCommandSchema = z.union([CreateSchema, UpdateSchema, DeleteSchema, SetSettingsSchema]);
const BatchSchema = z.strictObject({ op: z.literal("batch"), commands: z.array(SingleCommandSchema).min(1).max(5000) });

export const EditCommandSchema = z.union([SingleCommandSchema, BatchSchema]);

export type SingleCommand = z.infer<typeof SingleCommandSchema>;
export type EditCommand = z.infer<typeof EditCommandSchema>;
export type CreateCommand = z.infer<typeof CreateSchema>;
export type UpdateCommand = z.infer<typeof UpdateSchema>;
