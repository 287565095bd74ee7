import { inNamespace } from "../host/in-namespace";
import { lookUpNetns } from "../host/netns";
import { NETLINK_ROUTE, NetlinkSocket } from "./netlink/netlink-socket";

interface OpenSocket {
  readonly socket: NetlinkSocket;
  readonly inode: number;
}

/**
 * Sockets kept open in namespaces that are asked every second. Each keeps its namespace alive, so it is given up when the
 * name stands for another namespace (looked up at each use), and by `drop` before we delete one.
 */
export class NamespaceSockets {
  private readonly sockets = new Map<string, OpenSocket>();

  /** A socket in the namespace of this name, or null when there is none. */
  in(name: string): NetlinkSocket | null {
    const inode = lookUpNetns(name);
    const open = this.sockets.get(name);
    if (open && open.inode === inode) return open.socket;
    this.drop(name);
    if (typeof inode !== "number") return null;
    const socket = inNamespace(name, () => new NetlinkSocket(NETLINK_ROUTE));
    this.sockets.set(name, { socket, inode });
    return socket;
  }

  drop(name: string): void {
    this.sockets.get(name)?.socket.close();
    this.sockets.delete(name);
  }

  /** Drops all others. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of [...this.sockets.keys()]) if (!names.has(name)) this.drop(name);
  }
}
