namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>Fills in what a Bayer pixel did not see: the mean of the two or four nearest samples of that colour (bilinear).</summary>
internal static class BayerPixel
{
    /// <param name="rows">The row of the pixel with its neighbours.</param>
    /// <param name="x">Its column.</param>
    /// <param name="y">Its row.</param>
    /// <param name="firstRed">Where the red sample of a square is: bit 0 its column, bit 1 its row.</param>
    public static (int Red, int Green, int Blue) At(SampleRows rows, int x, int y, int firstRed)
    {
        bool isRedColumn = ((x ^ firstRed) & 1) == 0;
        bool isRedRow = ((y ^ (firstRed >> 1)) & 1) == 0;
        int own = rows[0, x];
        if (isRedColumn == isRedRow)
        {
            int green = Mean(rows[-1, x] + rows[1, x] + rows[0, x - 1] + rows[0, x + 1], 4);
            int other = Mean(rows[-1, x - 1] + rows[-1, x + 1] + rows[1, x - 1] + rows[1, x + 1], 4);
            return isRedRow ? (own, green, other) : (other, green, own);
        }

        int beside = Mean(rows[0, x - 1] + rows[0, x + 1], 2);
        int above = Mean(rows[-1, x] + rows[1, x], 2);
        return isRedRow ? (beside, own, above) : (above, own, beside);
    }

    private static int Mean(int sum, int count) => (sum + (count / 2)) / count;
}
