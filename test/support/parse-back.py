"""Reads reports with parsers that hullcheck's authors did not write, and prints what they found as JSON.

parse-back.py FORMAT FILE, with the formats of hullcheck; markdown is first made HTML by GitHub's own cmark-gfm.
"""
import csv
import json
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree


def read(path):
    # newline='': what a parser of csv has to see.
    with open(path, encoding='utf-8', errors='strict', newline='') as file:
        return file.read()


class Elements(HTMLParser):
    """Names of all elements, and the text of those that are requested."""

    def __init__(self, wanted):
        super().__init__(convert_charrefs=True)
        self.wanted, self.names, self.texts, self.open = wanted, set(), [], None

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        if self.wanted(tag, dict(attrs)):
            self.open = ''

    def handle_endtag(self, tag):
        if self.open is not None and self.wanted_end(tag):
            self.texts.append(self.open)
            self.open = None

    def wanted_end(self, tag):
        return tag in ('code', 'script')

    def handle_data(self, data):
        if self.open is not None:
            self.open += data


def parse_csv(path):
    rows = list(csv.DictReader(read(path).splitlines(keepends=True), strict=True))
    return [row['path'] for row in rows]


def parse_junit(path):
    root = ElementTree.fromstring(read(path))
    return [case.get('classname') for case in root.iter('testcase')]


def parse_html(path):
    page = Elements(lambda tag, attributes: tag == 'script' and attributes.get('id') == 'report')
    page.feed(read(path))
    [data] = page.texts
    return [row[1] for row in json.loads(data)['binaries']]


def parse_markdown(path):
    command = ['cmark-gfm', '--unsafe', '-e', 'table', '-e', 'autolink', '-e', 'strikethrough', path]
    page = Elements(lambda tag, attributes: tag == 'code')
    page.feed(subprocess.run(command, capture_output=True, check=True).stdout.decode())
    return {'elements': sorted(page.names), 'code': page.texts}


def parse_sarif(path):
    [run] = json.loads(read(path))['runs']
    return [result['properties']['binary'] for result in run['results']]


parsers = {
    'csv': parse_csv,
    'junit': parse_junit,
    'html': parse_html,
    'markdown': parse_markdown,
    'sarif': parse_sarif,
    'gitlab': lambda path: [issue['location']['path'] for issue in json.loads(read(path))],
    'jsonl': lambda path: [json.loads(line) for line in read(path).split('\n') if line != ''],
}
print(json.dumps(parsers[sys.argv[1]](sys.argv[2])))
