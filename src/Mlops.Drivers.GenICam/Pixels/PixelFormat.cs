namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>How pixels are written: the numbers of the Pixel Format Naming Convention (PFNC 2.4), whose bits 16 to 23 are the bits a pixel takes.</summary>
public enum PixelFormat : uint
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Grey, 8 bits.</summary>
    Mono8 = 0x01080001,

    /// <summary>Grey, 10 bits in 16.</summary>
    Mono10 = 0x01100003,

    /// <summary>Grey, 10 bits, two pixels in three bytes as GigE Vision packs them.</summary>
    Mono10Packed = 0x010C0004,

    /// <summary>Grey, 10 bits, four pixels in five bytes, least significant bit first.</summary>
    Mono10p = 0x010A0046,

    /// <summary>Grey, 12 bits in 16.</summary>
    Mono12 = 0x01100005,

    /// <summary>Grey, 12 bits, two pixels in three bytes as GigE Vision packs them.</summary>
    Mono12Packed = 0x010C0006,

    /// <summary>Grey, 12 bits, two pixels in three bytes, least significant bit first.</summary>
    Mono12p = 0x010C0047,

    /// <summary>Grey, 14 bits in 16.</summary>
    Mono14 = 0x01100025,

    /// <summary>Grey, 16 bits.</summary>
    Mono16 = 0x01100007,

    /// <summary>Bayer, green and red first, 8 bits.</summary>
    BayerGR8 = 0x01080008,

    /// <summary>Bayer, red and green first, 8 bits.</summary>
    BayerRG8 = 0x01080009,

    /// <summary>Bayer, green and blue first, 8 bits.</summary>
    BayerGB8 = 0x0108000A,

    /// <summary>Bayer, blue and green first, 8 bits.</summary>
    BayerBG8 = 0x0108000B,

    /// <summary>Bayer, green and red first, 10 bits in 16.</summary>
    BayerGR10 = 0x0110000C,

    /// <summary>Bayer, red and green first, 10 bits in 16.</summary>
    BayerRG10 = 0x0110000D,

    /// <summary>Bayer, green and blue first, 10 bits in 16.</summary>
    BayerGB10 = 0x0110000E,

    /// <summary>Bayer, blue and green first, 10 bits in 16.</summary>
    BayerBG10 = 0x0110000F,

    /// <summary>Bayer, green and red first, 12 bits in 16.</summary>
    BayerGR12 = 0x01100010,

    /// <summary>Bayer, red and green first, 12 bits in 16.</summary>
    BayerRG12 = 0x01100011,

    /// <summary>Bayer, green and blue first, 12 bits in 16.</summary>
    BayerGB12 = 0x01100012,

    /// <summary>Bayer, blue and green first, 12 bits in 16.</summary>
    BayerBG12 = 0x01100013,

    /// <summary>Bayer, green and red first, 10 bits, packed as by GigE Vision.</summary>
    BayerGR10Packed = 0x010C0026,

    /// <summary>Bayer, red and green first, 10 bits, packed as by GigE Vision.</summary>
    BayerRG10Packed = 0x010C0027,

    /// <summary>Bayer, green and blue first, 10 bits, packed as by GigE Vision.</summary>
    BayerGB10Packed = 0x010C0028,

    /// <summary>Bayer, blue and green first, 10 bits, packed as by GigE Vision.</summary>
    BayerBG10Packed = 0x010C0029,

    /// <summary>Bayer, green and red first, 12 bits, packed as by GigE Vision.</summary>
    BayerGR12Packed = 0x010C002A,

    /// <summary>Bayer, red and green first, 12 bits, packed as by GigE Vision.</summary>
    BayerRG12Packed = 0x010C002B,

    /// <summary>Bayer, green and blue first, 12 bits, packed as by GigE Vision.</summary>
    BayerGB12Packed = 0x010C002C,

    /// <summary>Bayer, blue and green first, 12 bits, packed as by GigE Vision.</summary>
    BayerBG12Packed = 0x010C002D,

    /// <summary>Bayer, green and red first, 16 bits.</summary>
    BayerGR16 = 0x0110002E,

    /// <summary>Bayer, red and green first, 16 bits.</summary>
    BayerRG16 = 0x0110002F,

    /// <summary>Bayer, green and blue first, 16 bits.</summary>
    BayerGB16 = 0x01100030,

    /// <summary>Bayer, blue and green first, 16 bits.</summary>
    BayerBG16 = 0x01100031,

    /// <summary>Bayer, blue and green first, 10 bits, least significant bit first.</summary>
    BayerBG10p = 0x010A0052,

    /// <summary>Bayer, blue and green first, 12 bits, least significant bit first.</summary>
    BayerBG12p = 0x010C0053,

    /// <summary>Bayer, green and blue first, 10 bits, least significant bit first.</summary>
    BayerGB10p = 0x010A0054,

    /// <summary>Bayer, green and blue first, 12 bits, least significant bit first.</summary>
    BayerGB12p = 0x010C0055,

    /// <summary>Bayer, green and red first, 10 bits, least significant bit first.</summary>
    BayerGR10p = 0x010A0056,

    /// <summary>Bayer, green and red first, 12 bits, least significant bit first.</summary>
    BayerGR12p = 0x010C0057,

    /// <summary>Bayer, red and green first, 10 bits, least significant bit first.</summary>
    BayerRG10p = 0x010A0058,

    /// <summary>Bayer, red and green first, 12 bits, least significant bit first.</summary>
    BayerRG12p = 0x010C0059,

    /// <summary>Red, green, blue, 8 bits each.</summary>
    RGB8 = 0x02180014,

    /// <summary>Blue, green, red, 8 bits each.</summary>
    BGR8 = 0x02180015,

    /// <summary>Red, green, blue and opacity, 8 bits each.</summary>
    RGBa8 = 0x02200016,

    /// <summary>Blue, green, red and opacity, 8 bits each.</summary>
    BGRa8 = 0x02200017,

#pragma warning disable CA1707 // The names are those of the Pixel Format Naming Convention, under which cameras list them.
    /// <summary>Two pixels in U, Y, V, Y.</summary>
    YUV422_8_UYVY = 0x0210001F,

    /// <summary>Two pixels in Y, U, Y, V.</summary>
    YUV422_8 = 0x02100032,
#pragma warning restore CA1707
}
