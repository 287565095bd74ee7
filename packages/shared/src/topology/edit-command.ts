import { z } from "zod";
import {
  ElasticIpSchema, InstanceSchema, InternetGatewaySchema, NatGatewaySchema, NetworkAclSchema, NOTE_LENGTH_MAX, PeeringSchema, RouteTableSchema,
  SecurityGroupSchema, SettingsSchema, SubnetSchema, VpcSchema,
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
  z.strictObject({ op: z.literal("create"), kind: z.literal("nat-gateway"), object: NatGatewaySchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("elastic-ip"), object: ElasticIpSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("route-table"), object: RouteTableSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("security-group"), object: SecurityGroupSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("network-acl"), object: NetworkAclSchema }),
  z.strictObject({ op: z.literal("create"), kind: z.literal("peering"), object: PeeringSchema }),
]);

/**
 * Ids never change. The VPC of an object and the ends of a peering are fixed at creation, as in AWS. Lists (routes, rules,
 * entries) are replaced whole.
 */
const UpdateSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    op: z.literal("update"), kind: z.literal("vpc"), id: text,
    set: VpcSchema.pick({ name: true, cidr: true, mainRouteTableId: true, reachableFromHost: true, dnsSupport: true }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("subnet"), id: text,
    set: SubnetSchema.omit({ id: true, vpcId: true }).partial(),
  }),
  z.strictObject({ op: z.literal("update"), kind: z.literal("instance"), id: text, set: InstanceSchema.omit({ id: true }).partial() }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("internet-gateway"), id: text,
    set: InternetGatewaySchema.pick({ name: true }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("nat-gateway"), id: text,
    set: NatGatewaySchema.omit({ id: true }).partial(),
  }),
  z.strictObject({ op: z.literal("update"), kind: z.literal("elastic-ip"), id: text, set: ElasticIpSchema.omit({ id: true }).partial() }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("route-table"), id: text,
    set: RouteTableSchema.pick({ name: true, routes: true }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("security-group"), id: text,
    set: SecurityGroupSchema.pick({ name: true, description: true, rules: true }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("network-acl"), id: text,
    set: NetworkAclSchema.pick({ name: true, entries: true }).partial(),
  }),
  z.strictObject({
    op: z.literal("update"), kind: z.literal("peering"), id: text,
    set: PeeringSchema.pick({ name: true, status: true }).partial(),
  }),
]);

/** Deletes the object and everything that cannot be without it (a VPC's subnets, gateway and peerings, a subnet's instances). */
const DeleteSchema = z.strictObject({ op: z.literal("delete"), id: text });
/** An empty note takes it away. */
const SetSettingsSchema = z.strictObject({
  op: z.literal("settings"), set: SettingsSchema.partial().extend({ note: z.string().max(NOTE_LENGTH_MAX).optional() }),
});

const SingleCommandSchema = z.union([CreateSchema, UpdateSchema, DeleteSchema, SetSettingsSchema]);
const BatchSchema = z.strictObject({ op: z.literal("batch"), commands: z.array(SingleCommandSchema).min(1).max(5000) });

export const EditCommandSchema = z.union([SingleCommandSchema, BatchSchema]);

export type SingleCommand = z.infer<typeof SingleCommandSchema>;
export type EditCommand = z.infer<typeof EditCommandSchema>;
export type CreateCommand = z.infer<typeof CreateSchema>;
export type UpdateCommand = z.infer<typeof UpdateSchema>;
