import { groupsOf, networkAclOf, routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Instance, NatGateway, Peering, Subnet } from "@vpclab/shared/topology/topology";
import { remotePeerings } from "../../canvas/scene/boxes";
import { edgePath, labelPoint } from "../../canvas/scene/edge-path";
import { edgeRoutes } from "../../canvas/scene/edge-routes";
import { peeringEnds, PEERING_WORDS } from "../../canvas/scene/peering-view";
import { boundsOf, type Rect } from "../../canvas/scene/rect";
import { HOST_ID, INTERNET_ID, type Scene } from "../../canvas/scene/scene";
import type { PaperSize } from "./page-size";
import type { Palette } from "./palette";
import { boxAt, escapeXml, SANS, textAt, type TextStyle } from "./svg-parts";

const MARGIN = 32;
const LABEL_WIDTH = 132;

export interface PictureOptions {
  /** false: whatever it is laid upon shines through. */
  readonly background: boolean;
  /** How large it is on paper; null: a unit of the drawing is a pixel. */
  readonly paper: PaperSize | null;
}
const FOR_SCREENS: PictureOptions = { background: true, paper: null };

/** What the picture of a drawing shows of the canvas. */
export function viewOf(scene: Scene, routes = edgeRoutes(scene)): Rect {
  const points = [...routes.values()].flat().map((point) => ({ ...point, width: 0, height: 0 }));
  const labels = scene.document.peerings.flatMap(({ id }) => labelBox(routes.get(id) ?? []));
  const inside = boundsOf([...scene.world.values(), ...points, ...labels])!;
  return { x: inside.x - MARGIN, y: inside.y - MARGIN, width: inside.width + 2 * MARGIN, height: inside.height + 2 * MARGIN };
}

/** A drawing as a picture that stands alone: the same boxes and lines as on the canvas, in full detail, with nothing selected. */
export function sceneSvg(scene: Scene, title: string, colours: Palette, { background, paper }: PictureOptions = FOR_SCREENS): string {
  const routes = edgeRoutes(scene);
  const view = viewOf(scene, routes);
  const size = paper ? `width="${millimetres(paper.width)}" height="${millimetres(paper.height)}"` : `width="${view.width}" height="${view.height}"`;
  const draw = new Pen(scene, colours);
  const { document } = scene;
  const parts = [
    background ? `<rect x="${view.x}" y="${view.y}" width="${view.width}" height="${view.height}" fill="${colours.canvas}"/>` : "",
    draw.bar(INTERNET_ID, "Internet"), draw.bar(HOST_ID, "Host"), draw.line(edgePath(routes.get(HOST_ID) ?? []), colours["line-strong"]),
    ...document.vpcs.map((vpc) => draw.vpc(vpc)), ...remotePeerings(document).map((peering) => draw.remoteVpc(peering)),
    ...document.subnets.map((subnet) => draw.subnet(subnet)),
    ...document.internetGateways.map(({ id }) => draw.line(edgePath(routes.get(id) ?? []), colours["public-line"])),
    ...document.peerings.map((peering) => draw.line(edgePath(routes.get(peering.id) ?? []), ...draw.peeringLine(peering))),
    ...document.instances.map((instance) => draw.instance(instance)), ...document.natGateways.map((gateway) => draw.natGateway(gateway)),
    ...document.internetGateways.map((gateway) => draw.gateway(gateway)),
    ...document.peerings.map((peering) => draw.peeringLabel(peering, labelBox(routes.get(peering.id) ?? [])[0])),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view.x} ${view.y} ${view.width} ${view.height}" ${size} font-family="${SANS}" role="img">`,
    `<title>${escapeXml(title)}</title>`, ...parts.filter((part) => part !== ""), "</svg>", "",
  ].join("\n");
}

const millimetres = (length: number): string => `${Number(length.toFixed(2))}mm`;

function labelBox(points: Parameters<typeof labelPoint>[0]): Rect[] {
  if (points.length === 0) return [];
  const { x, y } = labelPoint(points);
  return [{ x: x - LABEL_WIDTH / 2, y: y - 34, width: LABEL_WIDTH, height: 68 }];
}

class Pen {
  private readonly name: TextStyle;
  private readonly small: TextStyle;
  private readonly mono: TextStyle;

  constructor(private readonly scene: Scene, private readonly colours: Palette) {
    this.name = { fill: colours.text, size: 14, weight: 500 };
    this.small = { fill: colours.muted, size: 12 };
    this.mono = { fill: colours.muted, size: 12, mono: true };
  }

  /** The internet or the host. */
  bar(id: string, name: string): string {
    const box = this.scene.world.get(id)!;
    return boxAt(box, this.colours.raised, this.colours["line-strong"]) +
      textAt({ x: box.x + box.width / 2, y: box.y + box.height / 2 + 5 }, name, box.width, { ...this.name, anchor: "middle" });
  }

  vpc({ id, name, cidr }: { readonly id: string; readonly name: string; readonly cidr: string }): string {
    const box = this.scene.world.get(id)!;
    const room = box.width - 32;
    return boxAt(box, this.colours.surface, this.colours["line-strong"]) +
      textAt({ x: box.x + 16, y: box.y + 50 }, name, room, { ...this.name, size: 17, weight: 600 }) + textAt({ x: box.x + 16, y: box.y + 70 }, cidr, room, this.mono);
  }

  remoteVpc({ id, remote }: Peering): string {
    const box = this.scene.world.get(id);
    if (!box || !remote) return "";
    return boxAt(box, this.colours.raised, this.colours["line-strong"]) + textAt({ x: box.x + 16, y: box.y + 36 }, `${remote.topologyName}/${remote.vpcName}`, box.width - 32, this.name) +
      textAt({ x: box.x + 16, y: box.y + 56 }, remote.cidr, box.width - 32, this.mono);
  }

  /** Public or private by colour and by word. */
  subnet(subnet: Subnet): string {
    const { index, world } = this.scene;
    const box = world.get(subnet.id)!;
    const type = subnetType(index, subnet);
    const room = box.width - 24;
    const filters = `${routeTableOf(index, subnet).name} · ${networkAclOf(index, subnet).name}${subnet.firewall ? " · firewall" : ""}`;
    return boxAt(box, this.colours[`${type}-soft`], this.colours[`${type}-line`]) +
      textAt({ x: box.x + 12, y: box.y + 26 }, subnet.name, room - 56, this.name) +
      textAt({ x: box.x + box.width - 12, y: box.y + 26 }, type, 52, { fill: this.colours[type], size: 12, weight: 600, anchor: "end" }) +
      textAt({ x: box.x + 12, y: box.y + 46 }, subnet.cidr, room, this.mono) + textAt({ x: box.x + 12, y: box.y + 66 }, filters, room, this.small);
  }

  instance(instance: Instance): string {
    const groups = groupsOf(this.scene.index, instance).map(({ name }) => name).join(", ");
    const port = instance.webServer ? `:${instance.webServer.port}` : instance.sourceDestCheck ? "" : "forwards";
    return this.card(instance, [port, groups]);
  }

  natGateway(gateway: NatGateway): string {
    return this.card(gateway, ["NAT", ""]);
  }

  /** Name and a word, address, Elastic IP, one more line. */
  private card({ id, subnetId, name, address }: Instance | NatGateway, [word, last]: readonly [string, string]): string {
    const { index, world } = this.scene;
    const box = world.get(id)!;
    const subnet = index.subnetById.get(subnetId);
    const tone = subnet ? this.colours[`${subnetType(index, subnet)}-line`] : this.colours.line;
    const elasticIp = index.elasticIpOf(id);
    const at = (line: number) => ({ x: box.x + 12, y: box.y + 28 + line * 20 });
    const room = box.width - 24;
    return boxAt(box, this.colours.surface, tone) + textAt(at(0), name, room - 64, this.name) +
      textAt({ x: box.x + box.width - 12, y: box.y + 28 }, word, 64, { fill: this.colours.accent, size: 12, mono: true, anchor: "end" }) +
      textAt(at(1), address, room, this.mono) + (elasticIp ? textAt(at(2), `EIP ${elasticIp.name}`, room, { ...this.small, fill: this.colours.public }) : "") +
      textAt(at(elasticIp ? 3 : 2), last, room, this.small);
  }

  gateway({ id, name }: { readonly id: string; readonly name: string }): string {
    const box = this.scene.world.get(id);
    if (!box) return "";
    return boxAt(box, this.colours.surface, this.colours["public-line"]) + textAt({ x: box.x + box.width / 2, y: box.y + box.height / 2 + 5 }, name, box.width - 16, { ...this.name, size: 13, anchor: "middle" });
  }

  line = (path: string, stroke: string, dashes = ""): string =>
    path === "" ? "" : `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="2"${dashes === "" ? "" : ` stroke-dasharray="${dashes}"`}/>`;

  peeringLine({ status }: Peering): [string, string] {
    if (status === "active") return [this.colours.accent, ""];
    return [status === "pending-acceptance" ? this.colours.busy : this.colours.bad, "6 5"];
  }

  peeringLabel(peering: Peering, box: Rect | undefined): string {
    if (!box) return "";
    const [requester, accepter] = peeringEnds(this.scene.index, peering);
    const line = (y: number, text: string, style: TextStyle) => textAt({ x: box.x + box.width / 2, y: box.y + y }, text, box.width - 12, { ...style, anchor: "middle" });
    return boxAt(box, this.colours.surface, this.peeringLine(peering)[0]) + line(18, peering.name, { ...this.name, size: 12 }) +
      line(36, requester.cidr, this.mono) + line(50, accepter.cidr, this.mono) + line(63, peering.status === "active" ? "" : PEERING_WORDS[peering.status], this.small);
  }
}
