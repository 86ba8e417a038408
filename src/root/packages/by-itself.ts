import type { Root } from '../../layers/root.ts';
import type { PackageControl } from '../../sources/source.ts';
import { type OperatingSystem, readOperatingSystem } from '../system/operating-system.ts';
import { apkMaker } from './makers/apk-maker.ts';
import { dpkgMaker } from './makers/dpkg-maker.ts';
import { hostOf, type Maker } from './makers/maker.ts';
import { pacmanMaker } from './makers/pacman-maker.ts';
import { rpmMaker } from './makers/rpm-maker.ts';
import type { Package } from './package.ts';
import { purlOf } from './purl.ts';

/** A package that was scanned by itself is its own database: all of its files are its own. */
export function packageByItself(control: PackageControl): Package {
  const { manager, name, version, architecture } = control;
  const described = { manager, name, version, architecture };
  return {
    ...described,
    source: control.source || name,
    purl: purlOf(described, systemOfPackage(control)),
    maker: makerOf(control),
    maintainer: manager === 'rpm' ? control.vendor : control.maintainer,
  };
}

/** Of a target: a package says itself what it was built for; in its files there may be those of any system. */
export function systemOf(root: Root, control: PackageControl | undefined): OperatingSystem | null {
  return control === undefined ? readOperatingSystem(root) : systemOfPackage(control);
}

/** The distribution that a package was built for, as far as it says; no release where its version has none. */
function systemOfPackage(control: PackageControl): OperatingSystem | null {
  const { manager, version } = control;
  if (manager === 'apk') return system('alpine', 'Alpine Linux', '');
  if (manager === 'pacman') return system('arch', 'Arch Linux', '');
  if (manager === 'rpm') return systemOfRpm(control);
  if (/ubuntu\d/.test(version) || /ubuntu\.com$/.test(hostOf(control.maintainer)))
    return system('ubuntu', 'Ubuntu', '');
  // A stable update, and a backport.
  return system(
    'debian',
    'Debian',
    /\+deb(\d+)u\d|~bpo(\d+)\+/.exec(version)?.slice(1).join('') ?? '',
  );
}

/** `2.3-4.fc40`, `2.3-4.el9_4` */
function systemOfRpm({ version }: PackageControl): OperatingSystem | null {
  const [, kind, release = ''] = /\.(fc|el|amzn)(\d+)(?:_\d+)?(?:\.|$)/.exec(version) ?? [];
  if (kind === 'fc') return system('fedora', 'Fedora', release);
  if (kind === 'el') return system('rhel', 'Enterprise Linux', release);
  return kind === 'amzn' ? system('amzn', 'Amazon Linux', release) : null;
}

function system(id: string, name: string, versionId: string): OperatingSystem {
  return { id, versionId, prettyName: `${name} ${versionId}`.trim() };
}

function makerOf(control: PackageControl): Maker {
  const { manager, maintainer, vendor, isSigned } = control;
  const id = systemOfPackage(control)?.id ?? null;
  switch (manager) {
    case 'apk':
      return apkMaker({ ...control, isPinned: false });
    case 'pacman':
      return pacmanMaker(maintainer, null, id);
    case 'rpm':
      return rpmMaker(vendor, isSigned, null);
    case 'dpkg':
      return dpkgMaker((name) => fieldOf(control, name), id);
  }
}

function fieldOf({ version, maintainer, vendor, license }: PackageControl, name: string): string {
  const fields: Readonly<Record<string, string>> = {
    'Version:': version,
    'Maintainer:': maintainer,
    'Vendor:': vendor,
    'License:': license,
  };
  return fields[name] ?? '';
}
