"use client";

import { useQuery } from "@tanstack/react-query";
import type { Role } from "@vpclab/shared/wire/api";
import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useTRPC } from "../../trpc/trpc";
import { Logo } from "../../ui/logo";
import { ThemeToggle } from "../../ui/theme-toggle";
import { AccountMenu } from "./account-menu";

interface PageLink {
  readonly href: string;
  readonly name: string;
  readonly roles: readonly Role[];
}
const PAGES: readonly PageLink[] = [
  { href: "/", name: "Topologies", roles: ["admin", "instructor", "student", "viewer"] },
  { href: "/hosts", name: "Hosts", roles: ["admin"] },
  { href: "/audit", name: "Audit log", roles: ["admin"] },
  { href: "/people", name: "People", roles: ["admin", "instructor"] },
];

/** The bar of every page but the editor. Shows the pages that the person may open. */
export function PageBar({ children }: { readonly children?: ReactNode }) {
  const path = usePathname();
  const { data: me } = useQuery(useTRPC().auth.me.queryOptions());
  const pages = me ? PAGES.filter(({ roles }) => roles.includes(me.role)) : [];
  return (
    <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
      <Link href="/" aria-label="vpclab, all topologies" className="flex items-center gap-2 rounded-box"><Logo /><span className="font-semibold">vpclab</span></Link>
      {pages.length > 1 ? (
        <nav aria-label="Pages" className="ml-4 flex items-center gap-1 text-sm">
          {pages.map(({ href, name }) => (
            <Link
              key={href} href={href} aria-current={path === href ? "page" : undefined}
              className={clsx("flex h-8 items-center rounded-box px-3 hover:bg-raised", path === href ? "bg-raised font-medium" : "text-muted")}
            >
              {name}
            </Link>
          ))}
        </nav>
      ) : null}
      {children}
      <span className="ml-auto flex items-center gap-1"><ThemeToggle /><AccountMenu /></span>
    </header>
  );
}
