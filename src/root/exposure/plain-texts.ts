import { baseName } from '../../base/path-parts.ts';

/** What is larger is data, or is named by something that then says so. */
const largest = 1 << 16;

/**
 * Texts that do not begin with `#!` may still be read by a shell: `sh start.sh`, `. /etc/app/env`, and an executable
 * text that the
 * kernel refuses. Most texts of a system are none: documents, sources of other languages, lists. Texts that this leaves
 * out are not followed: if a shell is to read one, the start of the image is not judged completely.
 */
export function mayBeForShell(path: string, head: Buffer, size: number): boolean {
  if (size > largest || head.includes(0) || ofManagers.test(path)) return false;
  const name = baseName(path);
  if (
    /\.(sh|bash|ash|ksh|zsh|env|profile|rc|in[cit]|func|functions)$|^\.?\w*(profile|rc|env)$/.test(
      name,
    )
  )
    return true;
  if (/functions\.d\/[^/]+$/.test(path)) return true;
  if (!isOfSystem.test(path)) return isShallow(path) || !ofOthers.test(name);
  return /functions?$|activate$|-(env|common|helpers?)$/.test(name);
}

/** Where managers of packages and of languages put what they install, in thousands. */
const ofManagers =
  /^\/(var\/lib\/(dpkg|apt|pacman|rpm|apk)|usr\/(share\/(doc|man|info|locale|i18n|zoneinfo|licenses)|include|src)|proc|sys|boot)\/|\/(node_modules|site-packages|dist-packages|\.git|__pycache__)\//;
/** What programs look up, and none starts: nothing leads further, unless a command has a shell read it. */
export function isDataOfSystem(path: string): boolean {
  return ofManagers.test(path) || ofData.test(path);
}

const ofData =
  /^\/(usr\/(share|lib)\/(terminfo|zoneinfo|ca-certificates|mime|icons|fonts)|lib\/terminfo|etc\/(ssl|pki|ca-certificates|terminfo|alternatives))\//;
const isOfSystem = /^\/(usr\/(?!local\/(bin|sbin|libexec|etc|share)\/)|lib\d*\/)/;

/** Formats that other programs read. */
const ofOthers =
  /\.(py[iwx]?|[cm]?[jt]sx?|map|json5?|html?|xhtml|css|scss|less|md|rst|adoc|txt|c|h|cc|hh|cpp|hpp|po|pot|pl|pm|pod|rb|erb|go|rs|java|kt|scala|php|lua|vim|el|svg|xml|xsd|xsl|pom|tex|toml|csv|tsv|sql|ya?ml|lock|log|crt|pem|key|pub|asc|sig|cmake|m4|mk|d|proto|graphql|patch|diff|gemspec|properties|license)$/i;

/** What the author of an image puts near the top: `/run.txt`, `/app/start.txt`. */
function isShallow(path: string): boolean {
  return path.split('/').length <= 3;
}
