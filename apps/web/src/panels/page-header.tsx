"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Logo } from "../ui/logo";
import { ThemeToggle } from "../ui/theme-toggle";

const PAGES = [
  { href: "/", name: "Topologies" },
  { href: "/hosts", name: "Hosts" },
] as const;

/** Above the pages that are lists. */
export function PageHeader() {
  const path = usePathname();
  return (
    <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
      <Logo />
      <span className="font-semibold">vpclab</span>
      <nav aria-label="Pages" className="ml-4 flex items-center gap-1 text-sm">
        {PAGES.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            aria-current={path === href ? "page" : undefined}
            className={clsx("flex h-8 items-center rounded-box px-3 hover:bg-raised", path === href ? "bg-raised font-medium" : "text-muted")}
          >
            {name}
          </Link>
        ))}
      </nav>
      <span className="ml-auto"><ThemeToggle /></span>
    </header>
  );
}
