#include <math.h>
#include <stdio.h>
#include <stdlib.h>
static double places[64][3], speeds[64][3];
static void step(double time) {
  for (int i = 0; i < 64; i++)
    for (int j = 0; j < 64; j++) {
      double away[3], square = 0.01;
      for (int k = 0; k < 3; k++) { away[k] = places[i][k] - places[j][k]; square += away[k] * away[k]; }
      for (int k = 0; k < 3; k++) speeds[i][k] -= away[k] / (square * sqrt(square)) * time;
    }
  for (int i = 0; i < 64; i++) for (int k = 0; k < 3; k++) places[i][k] += speeds[i][k] * time;
}
int main(void) {
  for (int i = 0; i < 64; i++) for (int k = 0; k < 3; k++) places[i][k] = (i * 7 + k * 13) % 31;
  for (int i = 0; i < 50; i++) step(0.01);
  printf("%f %f\n", places[3][0], speeds[60][2]);
  return 0;
}
