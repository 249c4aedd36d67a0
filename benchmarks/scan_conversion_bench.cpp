// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/scan_conversion.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <memory>

namespace {

using namespace guide;
using namespace guide::filters;

/// A curvilinear frame of 192 lines and 512 samples, into a picture that it fills as far as it can.
struct Frames {
    Frames(const bench::Case& c, Interpolation interpolation)
        : beam(curvilinear()),
          picture(fitting(beam.probe, c.width, c.height)),
          in(bench::speckle_frame(beam.lines, beam.samples)),
          out(c.width, c.height),
          converter(ScanConverter::to_picture(beam, picture, {interpolation, 0})),
          opencv_interpolation(interpolation == Interpolation::bilinear ? cv::INTER_LINEAR
                                                                        : cv::INTER_CUBIC),
          opencv_in(in.height(), in.width(), in.data()) {
        // The same map for OpenCV, in the fixed-point form that it calls the faster one.
        Image<std::uint8_t> mask(c.width, c.height);
        converter.mask(mask.view());
        cv::Mat1f x_map(c.height, c.width, -100.0F), y_map(c.height, c.width, -100.0F);
        for (int y = 0; y < c.height; ++y) {
            for (int x = 0; x < c.width; ++x) {
                if (mask.at(x, y) == 0) continue;
                const BeamPoint p = at(x, y);
                x_map(y, x) = static_cast<float>(p.line);
                y_map(y, x) = static_cast<float>(p.sample);
                ++reached;
            }
        }
        cv::convertMaps(x_map, y_map, whole, fraction, CV_16SC2);
    }

    static BeamGrid curvilinear() {
        BeamGrid beam;
        beam.probe = {ProbeKind::curvilinear, 0, 60, 1.05, 0, 0, 60};
        beam.lines = 192;
        beam.samples = 512;
        return beam;
    }
    static PictureGrid fitting(const ProbeGeometry& probe, int width, int height) {
        const PictureGrid fine = picture_over(probe, {0.1, 0.1});
        const double mm = 0.1 * std::max(1.0 * fine.width / width, 1.0 * fine.height / height);
        return {width, height, {mm, mm}, {-0.5 * (width - 1) * mm, fine.origin.y}};
    }
    BeamPoint at(int x, int y) const {
        return beam_from_scan(
            beam, scan_from_pixel(picture, {static_cast<double>(x), static_cast<double>(y)}));
    }
    void opencv() {
        cv::remap(opencv_in, opencv_out, whole, fraction, opencv_interpolation, cv::BORDER_CONSTANT,
                  0);
    }
    /// OpenCV rounds positions to 1/32 of a pixel, so speckle agrees on the whole only.
    std::string check() {
        opencv();
        const cv::Mat1f ours(out.height(), out.width(), out.data());
        const double step = opencv_interpolation == cv::INTER_LINEAR ? 255.0 / 16 : 255.0 / 4;
        return cv::norm(ours, opencv_out, cv::NORM_L1) / reached < 4 &&
                       cv::norm(ours, opencv_out, cv::NORM_INF) < step
                   ? ""
                   : "differs from OpenCV";
    }
    double bytes() const {
        return sizeof(float) * static_cast<double>(in.size() + out.size()) + 8.0 * reached;
    }

    BeamGrid beam;
    PictureGrid picture;
    Image<float> in, out;
    ScanConverter converter;
    int opencv_interpolation;
    int reached = 0;
    cv::Mat1f opencv_in, opencv_out;
    cv::Mat whole, fraction;
};

bench::Prepare by_guide(Interpolation interpolation) {
    return [interpolation](const bench::Case& c) -> bench::Entry {
        auto frames = std::make_shared<Frames>(c, interpolation);
        return {[frames, threads = c.threads] {
                    frames->converter.convert(frames->in.view(), frames->out.view(), {threads, {}});
                },
                [frames] { return frames->check(); }, frames->bytes()};
    };
}

bench::Prepare by_opencv(Interpolation interpolation) {
    return [interpolation](const bench::Case& c) -> bench::Entry {
        auto frames = std::make_shared<Frames>(c, interpolation);
        cv::setNumThreads(c.threads);
        return {[frames] { frames->opencv(); }, {}, frames->bytes()};
    };
}

const bench::Contest bilinear("scan_conversion", {{"guide", by_guide(Interpolation::bilinear)},
                                                  {"opencv", by_opencv(Interpolation::bilinear)}});
const bench::Contest bicubic("scan_conversion_bicubic",
                             {{"guide", by_guide(Interpolation::bicubic)},
                              {"opencv", by_opencv(Interpolation::bicubic)}});

}  // namespace
