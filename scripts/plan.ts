// Prints the plan of the house: rooms, the arrows between them, and floors. `npm run plan` builds it first.
import { repositoryRoot } from '../test/support/repository.ts';
import { circlesIn } from './plan/circles.ts';
import { drawPlan } from './plan/draw-plan.ts';
import { readImports } from './plan/import-graph.ts';
import { arrowsIn, floorsOf, roomOf, usesOf } from './plan/rooms.ts';

const graph = readImports(repositoryRoot);
const arrows = arrowsIn(graph);
const uses = usesOf(arrows);
const ofRooms = circlesIn(uses);
const ofFiles = circlesIn(graph);

for (const circle of ofRooms) console.log(`CIRCLE of rooms: ${circle.join(' ')}`);
for (const circle of ofFiles) console.log(`CIRCLE of files: ${circle.join(' ')}`);
if (ofRooms.length === 0) console.log(drawPlan(uses));
for (const { from, to, imports } of arrows) console.log(`${from} -> ${to}: ${imports.length}`);

const rooms = new Set([...graph.keys()].map(roomOf));
const floors = ofRooms.length === 0 ? `${floorsOf(uses).length} floors` : 'no floors';
console.log(
  `${rooms.size} rooms, ${arrows.length} arrows, ${floors}, ${ofRooms.length} circles of rooms, ${ofFiles.length} circles of files, ${graph.size} files`,
);
