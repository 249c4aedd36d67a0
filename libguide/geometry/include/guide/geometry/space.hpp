// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guide {

/// Tags of coordinate systems. Points carry one, so that pixels and millimetres cannot be mixed by
/// accident.

/// Pixels of the frame as stored: x right, y down, integers at pixel centres.
struct PixelSpace {};

/// Millimetres in the image plane: origin at the centre of pixel (0, 0), x right, y down
/// (ultrasound: deeper).
struct ImageMmSpace {};

/// Millimetres of the probe: origin at the middle of its face, x to the marked side, y along the
/// beam, z out of plane.
struct ProbeSpace {};

/// Millimetres of the patient, DICOM's axes: x to the left, y to the back, z to the head (LPS).
struct PatientSpace {};

}  // namespace guide
